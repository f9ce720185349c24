from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ShopConfig(AppConfig):
    name = "shop"
    label = "shop"

    def ready(self):
        from shop.celery import app
        from shop.core import events
        from shop.core.admin.site import site
        from shop.reactions import REACTIONS
        from shop.schedule import SCHEDULE

        events.register(REACTIONS)
        app.conf.beat_schedule = SCHEDULE
        autodiscover_modules("admin", register_to=site)
