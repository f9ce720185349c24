import pytest

from catalog.browsing import line_cards
from catalog.models import Photo
from catalog.tests.factories import make_product, make_variant

pytestmark = pytest.mark.django_db


def make_photo(product, name, *, variants=(), position=0, widths=()):
    photo = Photo.objects.create(
        product=product,
        file=f"products/{name}",
        width=1200,
        height=1200,
        position=position,
        widths=list(widths),
    )
    photo.variants.add(*variants)
    return photo


def test_line_cards_tell_what_a_line_shows():
    product = make_product("Contour Mug", tax_class="reduced", country_of_origin="PT", hs_code="6912")
    red = make_variant(
        product=product, sku="MUG-R", title="Red", stock=3, compare_at_minor=3500, cost_minor=900
    )
    make_photo(product, "mug.webp", widths=[320])

    card = line_cards({red.pk: 1})[red.pk]

    assert (card.name, card.choices, card.sku) == ("Contour Mug", "Red", "MUG-R")
    assert card.url == "/products/contour-mug/?variant=MUG-R"
    assert (card.price_minor, card.compare_at_minor, card.cost_minor) == (2900, 3500, 900)
    assert (card.available, card.is_on_sale, card.tax_class) == (3, True, "reduced")
    assert (card.country_of_origin, card.hs_code) == ("PT", "6912")
    assert card.photo.srcset == "/media/products/mug-320w.webp 320w, /media/products/mug.webp 1200w"


def test_a_line_shows_the_picture_of_its_own_variant_else_the_products_first():
    product = make_product()
    red, blue = make_variant(product=product), make_variant(product=product)
    make_photo(product, "all.webp", position=1)
    make_photo(product, "blue.webp", position=2, variants=[blue])

    cards = line_cards({red.pk: 1, blue.pk: 1})

    assert cards[red.pk].photo.path == "products/all.webp"
    assert cards[blue.pk].photo.path == "products/blue.webp"


def test_what_is_withdrawn_is_not_on_sale_and_what_never_existed_is_missing():
    hidden = make_variant(published=False, stock=4)
    stopped = make_variant(is_active=False)

    cards = line_cards(dict.fromkeys([hidden.pk, stopped.pk, 10**9], 1))

    assert not cards[hidden.pk].is_on_sale and not cards[stopped.pk].is_on_sale
    assert cards[stopped.pk].available == 0 and cards[stopped.pk].photo is None
    assert 10**9 not in cards


@pytest.mark.parametrize("many", [1, 12])
def test_line_cards_ask_four_times_however_many(many, django_assert_max_num_queries):
    ids = [make_variant(stock=2).pk for _ in range(many)]
    with django_assert_max_num_queries(4):
        cards = line_cards(dict.fromkeys(ids, 1))
        assert all(card.photo is None and card.url for card in cards.values())
