from django.urls import path

from catalog.views import category, home, product, search

app_name = "catalog"
urlpatterns = [
    path("", home.show, name="home"),
    path("c/<slug:slug>/", category.show, name="category"),
    path("products/<slug:slug>/", product.show, name="product"),
    path("search/", search.show, name="search"),
    path("search/suggestions/", search.suggestions, name="suggestions"),
]
