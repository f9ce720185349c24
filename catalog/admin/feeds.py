"""The feeds as they are: where they stand, how much is in them, what was left out."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from catalog.models import Feed
from shop.core.admin.bases import ReadOnlyAdmin, site
from shop.core.http import absolute


@admin.register(Feed, site=site)
class FeedAdmin(ReadOnlyAdmin):
    list_display = ["name", "address", "entries", "without_picture", "without_price", "built_at"]
    list_display_links = None
    empty_words = gettext_lazy("Feeds for Google and Meta are written by a worker every few hours.")
    fields = ["name", "address", "entries", "without_picture", "without_price", "built_at"]

    @display(description=gettext_lazy("address"))
    def address(self, feed):
        url = absolute(f"/feeds/{feed.name}")
        return format_html('<a href="{}">{}</a>', url, url)
