from django.urls import path

from fulfillment.views import downloads, hooks, returns

app_name = "fulfillment"
urlpatterns = [
    path("account/downloads/", downloads.index, name="downloads"),
    path("downloads/<str:sign>/", downloads.fetch, name="file"),
    path("orders/<slug:number>/downloads/<int:pk>/", downloads.start, name="download"),
    path("orders/<slug:number>/returns/", returns.index, name="returns"),
    path("orders/<slug:number>/returns/<slug:rma>/", returns.detail, name="return"),
    path("orders/<slug:number>/returns/<slug:rma>/withdrawal/", returns.withdraw, name="withdrawal"),
]
unprefixed = [
    path("hooks/ups/", hooks.ups, name="ups-hook"),
    path("hooks/fedex/", hooks.fedex, name="fedex-hook"),
]
