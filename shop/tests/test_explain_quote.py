import pytest
from django.core.management import CommandError, call_command

from catalog.tests.factories import make_variant
from checkout.tests.factories import make_checkout
from shop.tests.walk import make_order

pytestmark = pytest.mark.django_db


def test_prints_the_arithmetic_by_id_or_token(capsys):
    checkout = make_checkout({make_variant(stock=5, price_minor=2900, sku="POT"): 2})
    for name in (str(checkout.pk), checkout.token):
        call_command("explain_quote", name)
        told = capsys.readouterr().out
        assert "POT: 2 × 29.00 EUR = 58.00 EUR" in told
        assert "= 62.90 EUR, 10.49 EUR tax in it" in told


def test_explains_carts_and_orders(capsys):
    order = make_order()
    call_command("explain_quote", f"order:{order.number.lower()}")
    told = capsys.readouterr().out
    assert told.startswith("as agreed on") and "total = goods" in told
    call_command("explain_quote", f"cart:{make_checkout().cart_id}")
    assert "total = goods" in capsys.readouterr().out


def test_says_when_there_is_none():
    for name in ("999999", "nonsense", "cart:0", "order:X", "parcel:1", "checkout:"):
        with pytest.raises(CommandError, match=r"no such|Say checkout"):
            call_command("explain_quote", name)
