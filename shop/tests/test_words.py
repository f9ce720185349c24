"""Whatever a person reads can be translated: no bare text in templates, no bare label in Python."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType

ROOT = Path(settings.BASE_DIR)
APPS = ["shop/core", "shop/accounts", "catalog", "cart", "checkout", "orders", "fulfillment", "support"]
DEVELOPERS = [ROOT / "templates" / name for name in ("styleguide", "dev")]  # what only developers see
BARE = {"g", "Website", "is-done", "is-todo", "is-busy", "is-bad"}  # a unit; a trap for robots; classes
BARE |= {"IBAN", "BIC", "dock_to_right"}  # the same in every language; the name of an icon

SPOKEN = ("alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription", "summary")
ATTRIBUTE = re.compile(rf'(?<![\w-])(?:{"|".join(SPOKEN)})="([^"]*)"')
SILENT = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.DOTALL)
MARKUP = re.compile(r"<[^>]*>", re.DOTALL)
SETTINGS = ("width",)  # blocks whose content is a word for the layout
FILTERED = re.compile(r'\|(?:default|default_if_none|yesno|pluralize):"([A-Z][^"]*)"')
WORD = re.compile(r"[^\W\d_]")
ENTITY = re.compile(r"&#?\w+;")

SAID = {"help_text", "verbose_name", "verbose_name_plural", "label", "description", "empty_label"}


def templates() -> list[Path]:
    folder = ROOT / "templates"
    found = [*folder.rglob("*.html"), *folder.glob("mails/**/*.txt")]
    return sorted(path for path in found if not any(path.is_relative_to(other) for other in DEVELOPERS))


def own_words(source: str) -> str:
    """The template without its tags and without what is inside blocktrans; each gap is one mark."""
    kept, inside = [], ""
    for token in Lexer(source).tokenize():
        name = (
            token.contents.split(maxsplit=1)[0]
            if token.token_type == TokenType.BLOCK and token.contents
            else ""
        )
        if inside:
            inside = "" if name == f"end{inside}" else inside
        elif name in ("blocktrans", "blocktranslate", "comment") or (
            name == "block" and token.contents.split()[1] in SETTINGS
        ):
            inside = name
        elif token.token_type == TokenType.TEXT:
            kept.append(token.contents)
        else:
            kept.append("\x00")
    return "".join(kept)


def bare_text(source: str, *, is_html: bool = True) -> Iterator[str]:
    """Every piece of text that people would read as it stands."""
    text = own_words(source)
    if is_html:
        text = SILENT.sub("", text)
        for spoken in ATTRIBUTE.findall(text):
            yield from _words_of(spoken)
        text = MARKUP.sub("\n", text)
    for piece in re.split(r"[\x00\n]", text):
        yield from _words_of(piece)
    for spoken in FILTERED.findall(source):
        yield from _words_of(spoken)


def _words_of(piece: str) -> Iterator[str]:
    words = ENTITY.sub("", piece).strip(" \t\r\n.,:;·()–-|/")
    if WORD.search(words) and words not in BARE:
        yield words


def bare_labels(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, words) of labels and help texts, given as keywords or assigned, that are plain strings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in SAID and _is_plain(node.value):
            yield node.value.lineno, ast.unparse(node.value)
        if isinstance(node, ast.Assign) and _is_plain(node.value):
            names = {getattr(target, "id", getattr(target, "attr", "")) for target in node.targets}
            if names & SAID:
                yield node.lineno, ast.unparse(node.value)


def _is_plain(value: ast.AST) -> bool:
    if isinstance(value, ast.JoinedStr):
        return True
    return isinstance(value, ast.Constant) and isinstance(value.value, str) and bool(WORD.search(value.value))


def test_no_template_has_text_that_cannot_be_translated():
    found = {
        str(path.relative_to(ROOT)): words
        for path in templates()
        if (words := list(bare_text(path.read_text(), is_html=path.suffix == ".html")))
    }
    assert len(templates()) > 100 and found == {}


def test_no_label_is_left_out_of_translation():
    found = [
        f"{path.relative_to(ROOT)}:{line} {words}"
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if not {"tests", "migrations", "management", "samples", "apps.py", "styleguide.py"} & set(path.parts)
        for line, words in bare_labels(ast.parse(path.read_text()))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ("<p>{% trans 'Hello' %}, {{ name }}: 5 × 3</p>", []),
        ("{% blocktrans count n=3 %}{{ n }} piece{% plural %}{{ n }} pieces{% endblocktrans %}", []),
        ('<img alt="A mug" src="mug.webp">', ["A mug"]),
        ('<a aria-label="{% trans "Cart" %}" class="link" href="/cart/">&times;</a>', []),
        ("<b>{{ price }} net</b>", ["net"]),
        ('{{ name|default:"Nobody" }}{{ kind|default:"text" }}', ["Nobody"]),
        ("{# a note #}{% comment %}another{% endcomment %}<script>let a = 1;</script>", []),
    ],
)
def test_what_counts_as_bare(source, found):
    assert list(bare_text(source)) == found


def test_what_counts_as_a_bare_label():
    tree = ast.parse('a = F(label="Name")\nhelp_text = f"{x}"\nb = F(label=_("Name"), help_text="")\n')
    assert sorted(line for line, _words in bare_labels(tree)) == [1, 2]
