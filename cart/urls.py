from django.urls import path

from cart.views import cart, currency, gift, lines, visitor

app_name = "cart"
urlpatterns = [
    path("cart/", cart.show, name="cart"),
    path("cart/lines/", lines.add, name="lines"),
    path("cart/lines/<int:pk>/", lines.change, name="line"),
    path("cart/lines/<int:pk>/removal/", lines.remove, name="removal"),
    path("cart/emptying/", cart.clear, name="emptying"),
    path("cart/gift/", gift.present, name="gift"),
    path("currency/", currency.choose, name="currency"),
    path("visitor/", visitor.show, name="visitor"),
]
