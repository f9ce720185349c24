from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "shop"
    label = "shop"

    def ready(self):
        from shop.celery import app
        from shop.core import events
        from shop.reactions import REACTIONS
        from shop.schedule import SCHEDULE

        events.register(REACTIONS)
        app.conf.beat_schedule = SCHEDULE
