import pytest
from django.utils import translation
from django.utils.translation import gettext_noop, trans_real

from shop.core.remarks import Remark, in_words

LOST = Remark(gettext_noop("The cup of %(who)s, %(how)s, was lost (%(error)s)."))
EMPTY = Remark(gettext_noop("was not even full"))


@pytest.fixture
def german(monkeypatch):
    """A reader in German, for whom these remarks are translated."""
    with translation.override("de"):
        words = {
            LOST.source: "Verloren: die Tasse von %(who)s, %(how)s (%(error)s).",
            EMPTY.source: "nicht einmal voll",
        }
        catalogue = trans_real.catalog()._catalog
        for source, text in words.items():
            monkeypatch.setitem(catalogue._catalogs[0], source, text)
        yield


def test_is_stored_in_plain_english():
    assert LOST(who="Ada", how=EMPTY(), error="50 %") == "The cup of Ada, was not even full, was lost (50 %)."
    assert in_words(LOST(who="Ada", how="hot", error="x")) == "The cup of Ada, hot, was lost (x)."


def test_is_read_in_the_readers_language_with_the_same_values(german):
    stored = LOST(who="Ada", how=EMPTY(), error="50 %\nof (it)")
    assert in_words(stored) == "Verloren: die Tasse von Ada, nicht einmal voll (50 %\nof (it))."


def test_what_a_person_typed_stays(german):
    for typed in ("", "The cup of Ada was lost", "50 %(who)s", "was not even full, they say"):
        assert in_words(typed) == typed


def test_a_value_that_is_missing_is_a_fault_of_ours():
    with pytest.raises(KeyError):
        LOST(who="Ada")
