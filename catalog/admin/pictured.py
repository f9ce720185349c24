"""Screens that take pictures: they are looked at and drawn anew before the screen's transaction begins.

That takes seconds for a large picture, and Django holds one transaction around all that a form does.
"""

from catalog.forms import look_at
from shop.core.admin.bases import ShopAdmin


class PicturedAdmin(ShopAdmin):
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        may = self.has_change_permission(request) if object_id else self.has_add_permission(request)
        if request.method == "POST" and may:
            for _field, uploads in request.FILES.lists():
                for upload in uploads:
                    look_at(upload)
        return super().changeform_view(request, object_id, form_url, extra_context)
