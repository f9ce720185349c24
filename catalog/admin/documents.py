"""The documents of a product, several at once, as rows of its screen."""

from catalog.admin.parts import RowForm
from catalog.models import ProductDocument
from catalog.products import documenting
from shop.core.admin.bases import TabularInline


class DocumentForm(RowForm):
    first = "title"

    def clean_file(self):
        upload = self.cleaned_data.get("file")
        if not upload or "file" not in self.changed_data:
            return upload
        try:
            documenting.check(upload)
        except documenting.NotADocument as refusal:
            self.add_error("file", refusal.message)
        return upload

    def clean(self):
        data = super().clean()
        if "file" in self.changed_data and data.get("file"):
            self.instance.size = data["file"].size
        return data


class DocumentInline(TabularInline):
    model = ProductDocument
    form = DocumentForm
    fields = ["title", "kind", "language", "file", "position"]
    extra = 0
    tab = True
