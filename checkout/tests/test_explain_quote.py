import pytest
from django.core.management import CommandError, call_command

from catalog.tests.factories import make_variant
from checkout.tests.factories import make_checkout

pytestmark = pytest.mark.django_db


def test_prints_the_arithmetic_by_id_or_token(capsys):
    checkout = make_checkout({make_variant(stock=5, price_minor=2900, sku="POT"): 2})
    for name in (str(checkout.pk), checkout.token):
        call_command("explain_quote", name)
        told = capsys.readouterr().out
        assert "POT: 2 × 29.00 EUR = 58.00 EUR" in told
        assert "= 62.90 EUR, 10.49 EUR tax in it" in told


def test_says_when_there_is_none():
    for name in ("999999", "nonsense"):
        with pytest.raises(CommandError, match="no such checkout"):
            call_command("explain_quote", name)
