"""Parts that are drawn once."""

import pytest
from django.template import Context, Template
from django.utils.translation import override

from shop.core import parts
from shop.core.models import Shop
from shop.core.money import Money
from shop.core.parts import drawn, frozen

RATING = "components/rating.html"


@pytest.fixture(autouse=True)
def nothing_drawn():
    parts.forget()


def test_equal_values_are_drawn_once():
    first = drawn(RATING, {"value": 4.5, "count": 3})
    again = drawn(RATING, {"value": 4.5, "count": 3})
    assert again is first and "4.5" in first


def test_other_values_and_other_languages_are_drawn_anew():
    first = drawn(RATING, {"value": 4.5, "count": 3})
    with override("de"):
        german = drawn(RATING, {"value": 4.5, "count": 3})
    assert "4,5" in german and german != first
    assert drawn(RATING, {"value": 4.5, "count": 4}) != first


def test_lists_dictionaries_and_money_can_be_values():
    card = {"name": "Mug", "price": Money(1200, "EUR"), "swatches": [{"name": "Moss", "colour": "#475"}]}
    assert hash(frozen(card)) == hash(frozen(dict(card)))
    assert frozen(card) != frozen(card | {"price": Money(1300, "EUR")})


def test_a_row_of_the_database_is_refused_because_it_equals_what_it_was_before():
    with pytest.raises(TypeError, match="give the part its values"):
        frozen({"shop": Shop(pk=1)})


def test_text_in_values_is_escaped():
    page = Template(
        '{% load design %}{% part "components/site_nav.html" shop_name=name links=none current="" %}'
    )
    assert "&lt;b&gt;" in page.render(Context({"name": "<b>", "none": []}))


def test_who_works_on_a_template_sees_every_change(settings):
    settings.DEBUG = True
    first = drawn(RATING, {"value": 4.5})
    assert drawn(RATING, {"value": 4.5}) is not first
