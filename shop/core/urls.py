from django.conf import settings
from django.urls import path
from django.views.generic import RedirectView

from shop.core.views import health, media, page, styleguide

app_name = "core"
urlpatterns = [
    path("help/<slug:slug>/", page.show, name="page"),
]
unprefixed = [
    path("health/", health.show, name="health"),
    # Asked for beside everything that is no page of ours and names no icon: papers, labels, the theme's screens.
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}img/favicon.svg"), name="favicon"),
]
if settings.SHOP_SERVES_MEDIA:
    unprefixed.append(path("media/<path:path>", media.serve, name="media"))
development = [
    path("styleguide/", styleguide.index, name="styleguide"),
    path("styleguide/mail/", styleguide.mail, name="styleguide-mail"),
    path("styleguide/pages/<slug:name>/", styleguide.page, name="styleguide-page"),
    path("styleguide/pictures/<str:name>", styleguide.picture, name="styleguide-picture"),
]
