from django.conf import settings
from django.urls import path

from shop.core.views import health, media, page, styleguide

app_name = "core"
urlpatterns = [
    path("help/<slug:slug>/", page.show, name="page"),
]
unprefixed = [
    path("health/", health.show, name="health"),
]
if settings.SHOP_SERVES_MEDIA:
    unprefixed.append(path("media/<path:path>", media.serve, name="media"))
development = [
    path("styleguide/", styleguide.index, name="styleguide"),
    path("styleguide/mail/", styleguide.mail, name="styleguide-mail"),
    path("styleguide/pages/<slug:name>/", styleguide.page, name="styleguide-page"),
    path("styleguide/pictures/<str:name>", styleguide.picture, name="styleguide-picture"),
]
