"""Form widgets of our own."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A select box that writes its options itself: Django includes a template for each, and there are 250 countries."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        options = (option for _name, group, _index in widget["optgroups"] for option in group)
        inner = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((option["value"], flatatt(option["attrs"]), option["label"]) for option in options),
        )
        return format_html('<select name="{}"{}>{}</select>', name, flatatt(widget["attrs"]), inner)
