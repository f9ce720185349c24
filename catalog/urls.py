from django.urls import path, re_path

from catalog.views import (
    category,
    collection,
    feed,
    for_you,
    home,
    product,
    question,
    review,
    robots,
    search,
    seller,
)

app_name = "catalog"
urlpatterns = [
    path("", home.show, name="home"),
    path("c/<slug:slug>/", category.show, name="category"),
    path("collections/<slug:slug>/", collection.show, name="collection"),
    path("products/<slug:slug>/", product.show, name="product"),
    path("products/<slug:slug>/questions/", question.ask, name="question"),
    path("products/<slug:slug>/questions/sent/", question.thank, name="question_sent"),
    path("products/<slug:slug>/review/", review.write, name="review"),
    path("products/<slug:slug>/review/sent/", review.thank, name="review_sent"),
    path("products/<slug:slug>/reviews/<int:pk>/helpful/", review.vote, name="helpful"),
    path("for-you/", for_you.show, name="for_you"),
    path("for-you/rows/", for_you.rows, name="for_you_rows"),
    path("for-you/looks/", for_you.looks, name="looks"),
    path("for-you/forgetting/", for_you.forget, name="forgetting"),
    path("for-you/objection/", for_you.objection, name="objection"),
    path("sellers/<slug:slug>/", seller.show, name="seller"),
    path("search/", search.show, name="search"),
    path("search/suggestions/", search.suggestions, name="suggestions"),
]
unprefixed = [
    re_path(r"^feeds/(?P<name>[a-z-]+)\.(?P<ending>xml|csv)$", feed.show, name="feed"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", robots.sitemap, name="sitemap"),
    path("sitemaps/<slug:name>.xml", robots.sitemap_file, name="sitemap_file"),
]
