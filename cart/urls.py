from django.urls import path

from cart.views import alerts, cart, codes, currency, gift, later, lines, visitor, wishes, wishlists

app_name = "cart"
urlpatterns = [
    path("cart/", cart.show, name="cart"),
    path("cart/lines/", lines.add, name="lines"),
    path("cart/lines/<int:pk>/", lines.change, name="line"),
    path("cart/lines/<int:pk>/removal/", lines.remove, name="removal"),
    path("cart/lines/<int:pk>/saving/", later.save, name="saving"),
    path("cart/restoration/", later.restore, name="restoration"),
    path("cart/emptying/", cart.clear, name="emptying"),
    path("cart/codes/", codes.enter, name="codes"),
    path("cart/codes/removal/", codes.remove, name="code-removal"),
    path("cart/gift/", gift.present, name="gift"),
    path("wishlists/", wishlists.index, name="wishlist"),
    path("wishlists/<int:pk>/", wishlists.detail, name="list"),
    path("wishlists/<int:pk>/removal/", wishlists.remove, name="list_removal"),
    path("wishlists/<int:pk>/sharing/", wishlists.sharing, name="list_sharing"),
    path("wishlists/<int:pk>/cart/", wishlists.fill_cart, name="list_filling"),
    path("wishlists/shared/<str:token>/", wishlists.shared, name="shared"),
    path("wishlists/entries/", wishes.wish, name="wishes"),
    path("wishlists/entries/<int:pk>/removal/", wishes.remove, name="wish_removal"),
    path("wishlists/entries/<int:pk>/moving/", wishes.move, name="wish_moving"),
    path("wishlists/entries/<int:pk>/cart/", wishes.into_cart, name="wish_filling"),
    path("wishlists/<int:pk>/news/", wishlists.news, name="list_news"),
    path("alerts/variants/<int:pk>/", alerts.ask, name="alert_form"),
    path("alerts/asked/", alerts.asked, name="alert_asked"),
    path("alerts/wishlists/<str:token>/", alerts.news, name="news"),
    path("alerts/<str:token>/", alerts.one, name="alert"),
    path("currency/", currency.choose, name="currency"),
    path("visitor/", visitor.show, name="visitor"),
]
