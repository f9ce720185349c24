from django.urls import path

from orders.views import cancellation, confirming, document, gift_card, hooks, order, payment, place, track

app_name = "orders"
urlpatterns = [
    path("account/orders/", order.index, name="list"),
    path("orders/", place.create, name="place"),
    path("orders/track/", track.look_up, name="track"),
    path("orders/track/sent/", track.sent, name="track-sent"),
    path("orders/<slug:number>/", order.detail, name="detail"),
    path("orders/<slug:number>/payment/", payment.pay, name="payment"),
    path("orders/<slug:number>/confirming/", confirming.show, name="confirming"),
    path("orders/<slug:number>/cancellation/", cancellation.create, name="cancellation"),
    path("orders/<slug:number>/documents/<slug:kind>/", document.show, name="document"),
    path("gift-cards/<slug:token>/", gift_card.show, name="gift-card"),
    path("o/<slug:token>/", track.follow, name="link"),
    path("o/<slug:token>/payment/", track.follow, {"page": "payment"}, name="pay-link"),
]
unprefixed = [
    path("hooks/stripe/", hooks.stripe, name="stripe-hook"),
]
