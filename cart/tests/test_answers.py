"""Made to order: what the buyer fills in is checked, keeps lines apart, is paid for and carried to the order."""

import pytest

from cart import adding
from cart.adding import add_line
from cart.models import CartLine
from cart.tests.factories import make_cart
from cart.totals import totals
from catalog.finding.refreshing import refresh
from catalog.models import CustomField, Product
from catalog.products.customizing import NotAnswered
from catalog.tests.factories import make_price_list, make_product, make_variant
from shop.core.http import absolute

pytestmark = pytest.mark.django_db
Kind, Allowed = CustomField.Kind, CustomField.Allowed
ORIGIN = {"HTTP_SEC_FETCH_SITE": "same-origin"}
GOOD = {"custom-name": "Ada & Søn", "custom-north": "46.3625", "custom-wood": "Walnut"}


def make_sign():
    """A door sign made to order, for 59.00: a name, a number, a choice, and a gift wrap."""
    product = make_product("Door sign", kind=Product.Kind.MADE, made_in_days=6, is_personal=True)
    asked = [
        {"code": "name", "label": "Name", "max_length": 12},
        {"code": "north", "label": "Latitude", "kind": Kind.NUMBER, "lowest": -90, "highest": 90},
        {"code": "wood", "label": "Wood", "kind": Kind.CHOICE, "options": [["Oak", 0], ["Walnut", 1250]]},
        {
            "code": "wrap",
            "label": "Gift wrap",
            "kind": Kind.CHECKBOX,
            "surcharge_minor": 300,
            "is_required": False,
        },
        {"code": "day", "label": "Day", "kind": Kind.DATE, "is_required": False},
        {"code": "sign", "label": "Sign", "allowed": Allowed.LETTERS, "is_required": False},
    ]
    for position, fields in enumerate(asked):
        CustomField.objects.create(product=product, position=position, **fields)
    sign = make_variant(product=product, price_minor=5900)
    refresh([product.pk])
    return sign


def test_answers_are_kept_shown_and_paid_for():
    cart, sign = make_cart({}), make_sign()

    line = add_line(
        cart, variant=sign, quantity=2, given=GOOD | {"custom-wrap": "on", "custom-day": "2027-03-01"}
    )

    [shown] = totals(cart).lines
    assert shown.card.details[:3] == ["Name: Ada & Søn", "Latitude: 46.3625", "Wood: Walnut"]
    assert (shown.unit.minor, shown.total.minor, line.seen_minor) == (7450, 14900, 7450)
    assert totals(cart).made_in_days == 6


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("name", "", "Fill in: Name"),
        ("name", "A name of many letters", "at most 12"),
        ("north", "91", "less than or equal to 90"),
        ("north", "1e3", "less than or equal to 90"),
        ("north", "north", "Enter a number"),
        ("wood", "Gold", "not one of the available choices"),
        ("day", "31.2.", "valid date"),
        ("sign", "<b>", "cannot be used"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field_and_changes_nothing(field, value, word):
    cart, sign = make_cart({}), make_sign()

    with pytest.raises(NotAnswered) as refusal:
        add_line(cart, variant=sign, quantity=1, given=GOOD | {f"custom-{field}": value})

    errors = refusal.value.data["form"].errors
    assert list(errors) == [field] and word in errors[field][0]
    assert not CartLine.objects.exists()


def test_other_words_are_another_line_and_the_same_words_the_same():
    cart, sign = make_cart({}), make_sign()

    for name in ("Ada", "Grace", "Ada"):
        add_line(cart, variant=sign, quantity=1, given=GOOD | {"custom-name": name})

    assert [line.quantity for line in totals(cart).lines] == [2, 1]


def test_a_line_whose_question_changed_is_to_be_answered_anew():
    cart, sign = make_cart({}), make_sign()
    add_line(cart, variant=sign, quantity=1, given=GOOD)

    CustomField.objects.filter(code="wood").update(options=[["Oak", 0], ["Walnut", 1500]])

    [line] = totals(cart).lines
    assert (line.quantity, line.kind) == (0, "error") and "add it anew" in line.notice


def test_the_page_asks_and_a_wrong_answer_loses_nothing(client):
    sign = make_sign()
    page = client.get(sign.product.get_absolute_url()).content.decode()
    assert 'name="custom-name"' in page and 'maxlength="12"' in page and "Walnut (+€12.50)" in page
    assert (
        "cannot be sent back" in page
        and "csrfmiddlewaretoken" not in page.split('id="buy"')[1].split("</form>")[0]
    )

    data = {"variant": sign.pk, "quantity": 3} | GOOD | {"custom-north": "200"}
    answer = client.post("/cart/lines/", data, **ORIGIN)
    text = answer.content.decode()
    assert answer.status_code == 422 and "There is a problem" in text
    assert 'value="Ada &amp; Søn"' in text and 'name="quantity" value="3"' in text and 'value="200"' in text

    answer = client.post("/cart/lines/", data | {"custom-north": "46"}, **ORIGIN)
    assert answer.status_code == 303 and absolute(answer["Location"]).endswith("/cart/")
    assert "Name: Ada &amp; Søn" in client.get("/cart/").content.decode()


def test_surcharges_have_a_price_in_the_shops_currency_alone():
    """C08: five euros extra are not five francs."""
    cart, sign = make_cart({}), make_sign()
    make_price_list(currency="CHF", prices={sign: 6100})
    line = add_line(cart, variant=sign, quantity=1, given=GOOD)
    assert adding.change_currency(cart, currency="CHF") == [line]
    cart.refresh_from_db()
    [shown] = totals(cart).lines
    assert (shown.quantity, shown.notice) == (0, "Not sold in CHF. It is not counted.")
    with pytest.raises(adding.NotForSale):
        add_line(cart, variant=sign, quantity=1, given=GOOD)
    add_line(cart, variant=sign, quantity=1, given=GOOD | {"custom-wood": "Oak"})
    assert totals(cart).goods.minor == 6100
