from django.urls import path

from checkout.views import address_book, cards, delivery, details, gift_cards, payment, start, tenders

app_name = "checkout"
urlpatterns = [
    path("checkout/", start.start, name="start"),
    path("checkout/details/", details.edit, name="details"),
    path("checkout/delivery/", delivery.edit, name="delivery"),
    path("checkout/payment/", payment.show, name="payment"),
    path("checkout/gift-cards/", tenders.add_card, name="gift-cards"),
    path("checkout/gift-cards/<int:pk>/removal/", tenders.remove_card, name="gift-card-removal"),
    path("gift-cards/", gift_cards.balance, name="gift-card-balance"),
    path("checkout/credit/", tenders.use_credit, name="credit"),
    path("account/credit/", gift_cards.own, name="purse"),
    path("account/addresses/", address_book.index, name="addresses"),
    path("account/addresses/new/", address_book.create, name="address-new"),
    path("account/addresses/<int:pk>/", address_book.edit, name="address"),
    path("account/addresses/<int:pk>/removal/", address_book.remove, name="address-removal"),
    path("account/cards/", cards.index, name="cards"),
    path("account/cards/<int:pk>/default/", cards.make_default, name="card-default"),
    path("account/cards/<int:pk>/removal/", cards.remove, name="card-removal"),
]
