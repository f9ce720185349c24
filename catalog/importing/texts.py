"""Descriptions come as HTML from other shops; ours are plain text in paragraphs. Nothing of the markup survives."""

import html
import re

import nh3
from django.utils.text import slugify

BREAKS = re.compile(r"<\s*(?:br|hr)\b[^>]*>", re.IGNORECASE)
BLOCKS = re.compile(
    r"<\s*/?\s*(?:p|div|h[1-6]|ul|ol|table|tr|section|article|header|footer|blockquote|pre|dl|dd|figure)\b[^>]*>",
    re.IGNORECASE,
)
ITEMS = re.compile(r"<\s*(?:li|dt)\b[^>]*>", re.IGNORECASE)
CELLS = re.compile(r"<\s*/\s*t[dh]\s*>", re.IGNORECASE)


def plain(text: str) -> str:
    """HTML as paragraphs of plain text; text without markup stays as it is."""
    if not re.search(r"<[a-zA-Z/!]|&[#\w]+;", text):
        return text.strip()
    marked = ITEMS.sub(
        "\n• ", CELLS.sub(" ", BLOCKS.sub("\n\n", BREAKS.sub("\n", re.sub(r"\s*\n\s*", "\n", text))))
    )
    bare = html.unescape(nh3.clean(marked, tags=set()))
    lines = [re.sub(r"[^\S\n]+", " ", line).strip() for line in bare.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).replace("•\n", "• ").strip()


def marked_up(text: str) -> str:
    """Paragraphs of plain text as HTML, for shops that expect that."""
    paragraphs = re.split(r"(?:\r?\n){2,}", html.escape(text.strip(), quote=False))
    return "".join("<p>" + re.sub(r"\r?\n", "<br>", part) + "</p>" for part in paragraphs if part)


def slug_of(text: str, *, most: int, otherwise: str) -> str:
    """A readable address; `otherwise` where nothing of the text can stand in one."""
    return slugify(text.replace("ß", "ss"))[:most].strip("-") or otherwise
