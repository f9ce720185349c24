"""A page as a program reads it: its forms with what would be sent, and its links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

BUTTONS = ("submit", "button", "image", "reset")


@dataclass
class Form:
    """`fields` is what the browser would send if nothing were typed; a button's own value is not among it."""

    action: str = ""
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)


class Reader(HTMLParser):
    """Forms in the order of the page, and where its links lead."""

    def __init__(self, text: str):
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._select = self._area = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        elif tag == "form":
            self._form = Form(values.get("action", ""), values.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is None or "disabled" in values:
            return
        elif tag == "input" and name and self._is_sent(values):
            self._form.fields[name] = values.get("value", "on" if "checked" in values else "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in values or self._select not in self._form.fields:
                self._form.fields[self._select] = values.get("value", "")
        elif tag == "textarea" and name:
            self._area = name
            self._form.fields[name] = ""

    def handle_data(self, data):
        if self._area and self._form:
            self._form.fields[self._area] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    @staticmethod
    def _is_sent(values: dict[str, str]) -> bool:
        kind = values.get("type", "text")
        return "checked" in values if kind in ("radio", "checkbox") else kind not in BUTTONS
