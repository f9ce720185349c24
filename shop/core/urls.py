from django.urls import path

from shop.core.views import health, page

app_name = "core"
urlpatterns = [
    path("help/<slug:slug>/", page.show, name="page"),
]
unprefixed = [
    path("health/", health.show, name="health"),
]
