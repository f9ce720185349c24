"""Every address of the shop. Shopper pages carry their language; hooks, admin, health and media do not."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from catalog.urls import unprefixed as for_robots
from fulfillment.urls import unprefixed as carrier_hooks
from orders.urls import unprefixed as order_hooks
from shop.core.admin.site import site
from shop.core.urls import development, unprefixed

urlpatterns: list[URLPattern | URLResolver] = [
    *unprefixed,
    *for_robots,
    *order_hooks,
    *carrier_hooks,
    path("admin/", site.urls),
]
if not settings.PRODUCTION:
    urlpatterns += [*development, path("dev/", include("shop.dev.urls"))]
urlpatterns += i18n_patterns(
    path("", include("support.urls")),
    path("", include("shop.core.urls")),
    path("", include("catalog.urls")),
    path("", include("orders.urls")),
    path("", include("fulfillment.urls")),
    path("", include("cart.urls")),
    path("", include("checkout.urls")),
    path("account/", include("shop.accounts.urls")),
    path("account/", include("allauth.urls")),
    prefix_default_language=False,
)

handler400 = "shop.core.views.errors.bad_request"
handler403 = "shop.core.views.errors.permission_denied"
handler404 = "shop.core.views.errors.not_found"
handler500 = "shop.core.views.errors.server_error"
