"""The sample pages can be used by everybody: axe finds nothing, nothing moves sideways, targets can be hit."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from shop.core.views.styleguide import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = ["/styleguide/", *[f"/styleguide/pages/{name}/" for name in PAGES], "/no-such-page/"]
LOOKS = {
    "wide and light": {"viewport": {"width": 1360, "height": 900}, "color_scheme": "light"},
    "narrow and dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True},
}
TOO_SMALL = """[...document.querySelectorAll("a, button, input, select, summary, textarea")].filter(e => {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  if (!e.checkVisibility({visibilityProperty: true, opacityProperty: true}) || box.width <= 1) return false;
  if (e.matches("input") && e.closest("label")) return false;
  if (style.display === "inline" || getComputedStyle(e, "::after").position === "absolute") return false;
  return box.width < 24 || box.height < 24;
}).map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture(params=LOOKS, scope="module")
def looking(request, browser):
    context = browser.new_context(**LOOKS[request.param])
    yield context.new_page()
    context.close()


def test_axe_finds_nothing_and_every_target_can_be_hit(looking, shop):
    found = []
    for path in PATHS:
        looking.goto(f"{shop}{path}")
        violations = Axe().run(looking).response["violations"]
        found += [f"{path}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in violations]
        found += [f"{path}: too small: {html}" for html in looking.evaluate(TOO_SMALL)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [320, 1024])
def test_nothing_has_to_be_moved_sideways(browser, shop, width):
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    wide = []
    for path in PATHS:
        page.goto(f"{shop}{path}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    context.close()
    assert not wide


def test_a_second_theme_and_forced_colours_keep_what_is_chosen_visible(browser, shop):
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(f"{shop}/styleguide/pages/product/")
    chosen = page.evaluate("getComputedStyle(document.querySelector('.option:has(:checked)')).borderTopColor")
    other = page.evaluate(
        "getComputedStyle(document.querySelector('.option:not(:has(:checked))')).borderTopColor"
    )
    border = page.evaluate("getComputedStyle(document.querySelector('.button')).borderTopStyle")
    context.close()
    assert border == "solid"
    assert chosen != other
