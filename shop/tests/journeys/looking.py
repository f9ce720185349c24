"""A page as everybody meets it: axe finds nothing, one headline, nothing has to be moved sideways on a small screen.

SHOP_PHOTOS=<folder> keeps a photograph of every page that is looked at, wide and narrow, light and dark, to be seen by eyes.
"""

import os
import re
from itertools import count
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE, SMALLEST = 390, 320
GRAVE = ("serious", "critical")
OURS = ".work, .work-tabs, .overview"  # what of a seller's screen is ours; around it is the theme's shell
DRAWN_WIDTH = """() => new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(() =>
  tell(document.documentElement.scrollWidth))))"""
TOO_FAR = """[...document.querySelectorAll("body *")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 100)).slice(0, 5)"""
TURN_THE_THEME = """(dark) => { document.documentElement.classList.toggle("dark", dark);
  for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish(); }"""
_photos = count(1)


def look(page: Page) -> None:
    """At a page of the shop, in the width and colours that it has now."""
    page.wait_for_load_state()
    found = [f"{one['id']}: {_where(one)}" for one in _violations(page)]
    assert not found, f"{page.url}\n" + "\n".join(found)
    check_headline(page)
    check_widths(page)
    _photograph(page)


def look_at_screen(page: Page) -> None:
    """At a seller's screen: nothing in what is ours, nothing grave in the theme's shell."""
    page.wait_for_load_state()
    found = _to_mend(page, _violations(page))
    assert not found, f"{page.url}\n" + "\n".join(found)
    _photograph(page)


def look_at_its_colours_by_night(page: Page) -> None:
    """All else is the same. The theme asks for the system's colours once, and says so with a class: here that is turned."""
    page.emulate_media(color_scheme="dark")
    page.evaluate(TURN_THE_THEME, True)
    found = _to_mend(page, _violations(page, {"runOnly": ["color-contrast"]}))
    page.emulate_media(color_scheme="light")
    page.evaluate(TURN_THE_THEME, False)
    assert not found, f"by night: {page.url}\n" + "\n".join(found)


def _to_mend(page: Page, violations: list[dict]) -> list[str]:
    return [
        f"{one['id']} ({one['impact']}): {_where(one)}"
        for one in violations
        if one["impact"] in GRAVE or any(_is_ours(page, node) for node in one["nodes"])
    ]


def look_at_card_fields(page: Page) -> None:
    """At the provider's fields in the colours that our page gave them; its ground shows through the frame."""
    frame = next(one for one in page.frames if one.url.endswith("/element.html"))
    ground = page.evaluate("getComputedStyle(document.querySelector('.payment-element')).backgroundColor")
    frame.evaluate("(colour) => (document.body.style.background = colour)", ground)
    found = Axe().run(frame, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}).response["violations"]
    frame.evaluate("document.body.style.background = ''")
    assert not found, "\n".join(f"{one['id']}: {_where(one)}" for one in found)


def check_headline(page: Page) -> None:
    assert page.locator("h1").count() == 1, f"{page.url} has {page.locator('h1').all_inner_texts()}"
    assert re.search(r"\S · \S", page.title()), f"{page.url} is called {page.title()!r}"


def check_widths(page: Page, *, widths=(PHONE, SMALLEST)) -> None:
    """Nothing reaches over the edge, which would have to be moved sideways."""
    usual = page.viewport_size
    for width in widths:
        page.set_viewport_size({"width": width, "height": usual["height"]})
        over = page.evaluate(DRAWN_WIDTH) - width
        assert over <= 0, f"{page.url} is {over} px too wide at {width}: {page.evaluate(TOO_FAR)}"
    page.set_viewport_size(usual)


def _violations(page: Page, options: dict | None = None) -> list[dict]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    run = "(options) => axe.run(options).then((results) => results.violations)"
    return page.evaluate(run, {"resultTypes": ["violations"]} | (options or {}))


def _where(violation: dict) -> str:
    return " ; ".join(
        f"{node['html'][:160]} [{' '.join(map(str, node['target']))}]" for node in violation["nodes"][:3]
    )


def _is_ours(page: Page, node: dict) -> bool:
    target = node["target"][0]
    return page.evaluate("([css, ours]) => !!document.querySelector(css)?.closest(ours)", [target, OURS])


def _photograph(page: Page) -> None:
    folder = os.environ.get("SHOP_PHOTOS")
    if not folder:
        return
    name = re.sub(r"\W+", "-", page.title().split(" · ")[0]).strip("-").lower()
    usual, number = page.viewport_size, next(_photos)
    scheme_before = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    for width in (1360, PHONE):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=Path(folder) / f"{number:03}-{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size(usual)
    page.emulate_media(color_scheme=scheme_before)
