from django.urls import path

from shop.accounts.views import details, home

app_name = "accounts"
urlpatterns = [
    path("", home.show, name="home"),
    path("details/", details.edit, name="details"),
]
