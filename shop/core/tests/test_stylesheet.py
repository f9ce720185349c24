"""The stylesheet keeps its own rules: contrasts, tokens, depth, weight. Nothing here needs a database."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings

from shop.core import assets
from shop.core.templatetags.design import symbols

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
CSS = [file for files in assets.sources().values() for file in files]
OURS = [
    file
    for file in sorted(TEMPLATES.rglob("*.html"))
    if not {"mails", "documents"} & set(file.relative_to(TEMPLATES).parts)
]
COLOUR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")

# text on face: at least so much
TEXT, GRAPHIC = 4.5, 3.0
PAIRS = [
    *[(text, face, TEXT) for text in ("ink", "muted") for face in ("bg", "surface", "sunken")],
    *[(text, face, TEXT) for text in ("accent", "accent-hover") for face in ("bg", "surface", "accent-soft")],
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    ("on-strip", "strip", TEXT),
    *[(tone, face, TEXT) for tone in ("sale", "ok", "warn", "info") for face in (f"{tone}-soft", "bg", "surface")],
    ("ok", "sunken", TEXT),
    *[("star", face, GRAPHIC) for face in ("bg", "surface")],
    *[("field", face, GRAPHIC) for face in ("bg", "surface", "sunken")],
    *[("focus", face, GRAPHIC) for face in ("bg", "surface", "sunken")],
]  # fmt: skip


def without_comments(file: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.S)


def colours() -> dict[str, tuple[str, str]]:
    return {
        name: (light, dark) for name, light, dark in COLOUR.findall((STATIC / "css/tokens.css").read_text())
    }


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("text", "face", "least"), PAIRS)
def test_colours_can_be_told_apart_in_both_themes(text, face, least):
    for theme in (0, 1):
        found = contrast(colours()[text][theme], colours()[face][theme])
        assert found >= least, f"{text} on {face} in theme {theme}: {found:.2f}"


def test_the_contrast_is_computed_as_wcag_says():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_every_token_that_is_used_exists():
    text = {file: without_comments(file) for file in CSS}
    known = {name for css in text.values() for name in re.findall(r"(--[\w-]+)\s*:", css)}
    unknown = {
        f"{file.name}: {name}"
        for file, css in text.items()
        for name in re.findall(r"var\((--[\w-]+)", css)
        if name not in known
    }
    assert not unknown


def test_every_token_is_used():
    used = {name for file in CSS for name in re.findall(r"var\((--[\w-]+)", without_comments(file))}
    declared = set(re.findall(r"(--[\w-]+)\s*:", without_comments(STATIC / "css/tokens.css")))
    assert not declared - used


def test_colours_are_written_in_the_tokens_only():
    written = {
        f"{file.name}: {colour}"
        for file in CSS
        if file.name != "tokens.css"
        for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", without_comments(file))
    }
    assert not written


def nested_selectors(css: str) -> list[str]:
    """Every selector written out with those it is nested in; what stands in brackets and at-rules left away."""
    css = re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", css))
    found, open_blocks, head = [], [], ""
    for mark in css:
        if mark == "{":
            open_blocks.append("" if head.strip().startswith("@") else head.strip())
            found.append(" ".join(filter(None, open_blocks)))
            head = ""
        elif mark == "}":
            open_blocks.pop()
            head = ""
        elif mark == ";":
            head = ""
        else:
            head += mark
    return found


def steps(selector: str) -> int:
    """How many elements a selector walks through: ".a > .b:hover &" has two."""
    longest = max(selector.split(","), key=len)
    return len([part for part in re.split(r"[>+~\s]+", longest) if part and not part.startswith("&")])


def test_selectors_are_read_with_their_nesting():
    found = nested_selectors(".a { .b { &:hover { color: red; } > .c { x: y } } } @media (x) { .d .e { } }")
    assert [steps(one) for one in found] == [1, 2, 2, 3, 0, 2]


def test_selectors_stay_shallow():
    deep = {
        f"{file.name}: {selector}"
        for file in CSS
        for selector in nested_selectors(without_comments(file))
        if steps(selector) > 3
    }
    assert not deep


def test_important_is_for_hiding_only():
    files = {file.name for file in CSS if "!important" in without_comments(file)}
    assert files <= {"reset.css", "utilities.css"}


def test_styles_and_scripts_weigh_little():
    theme = (STATIC / "js/theme.js").read_bytes()
    css = len(brotli.compress(assets.stylesheet().encode()))
    js = len(brotli.compress(assets.script().encode())) + len(brotli.compress(theme))
    assert css <= 14_000
    assert js <= 9_000


def test_fonts_weigh_little():
    latin = [file.stat().st_size for file in (STATIC / "fonts").glob("*-latin.woff2")]
    assert len(latin) == 2
    assert sum(latin) <= 75_000


def test_the_stylesheet_is_whole():
    css = assets.stylesheet()
    assert css.count("{") == css.count("}")
    assert css.index("@layer reset,tokens,base,layout,components,pages,utilities;") < css.index(
        "@layer reset{"
    )
    for file in sorted((STATIC / "css/components").glob("*.css")):
        first = re.search(r"(\.[\w-]+)", without_comments(file))
        assert first and first[1] in css


def test_the_joined_files_are_offered_to_collectstatic(tmp_path, settings):
    settings.SHOP_DATA = tmp_path
    finder = assets.MadeFinder()
    offered = dict(finder.list([]))
    assert set(offered) == {"css/site.css", "js/site.js"}
    for name, storage in offered.items():
        assert storage.open(name).read().decode() == assets.MADE[name]()
    assert finder.find("css/site.css") == str(tmp_path / "assets/css/site.css")
    assert finder.find("css/other.css") == []


def test_a_changed_source_is_written_anew(tmp_path, settings):
    settings.SHOP_DATA = tmp_path
    path = assets.make("css/site.css")
    path.write_text("old")
    assert assets.make("css/site.css").read_text() == assets.stylesheet()


@pytest.mark.parametrize("file", OURS, ids=lambda file: str(file.relative_to(TEMPLATES)))
def test_templates_obey_the_content_security_policy(file):
    if file.parts[-2:-1] == ("admin",) or "admin" in file.relative_to(TEMPLATES).parts:
        pytest.skip("the admin has a policy of its own")
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"<[^>]*\sstyle\s*=", text), "no style attribute"
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text), "no event attribute"
    for script in re.findall(r"<script([^>]*)>", text):
        assert "src=" in script or "application/ld+json" in script or "application/json" in script


def test_every_icon_that_is_named_exists():
    named = {
        name
        for file in OURS
        for name in re.findall(r'{% icon "([\w-]+)"|icon_name="([\w-]+)"', file.read_text(encoding="utf-8"))
        for name in name
        if name
    }
    assert not named - set(symbols())


def test_every_included_component_exists():
    missing = {
        name
        for file in OURS
        for name in re.findall(r'{% include "(components/[\w/-]+\.html)"', file.read_text(encoding="utf-8"))
        if not (TEMPLATES / name).exists()
    }
    assert not missing
