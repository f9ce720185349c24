import pytest

from shop.core import tokens


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("k7f4 9qxm", "K7F4-9QXM"),
        (" #K7F49QXM ", "K7F4-9QXM"),
        ("K7F4\u20139QXM", "K7F4-9QXM"),
        ("²½٣", ""),
        ("", ""),
        ("a" * 99, "AAAA-AAAA-AAAA-AAAA"),
    ],
)
def test_a_number_is_understood_however_it_is_typed(typed, written):
    assert tokens.as_written(typed) == written


def test_what_we_write_reads_back_as_itself():
    number = tokens.readable_number()
    assert tokens.as_written(number) == tokens.as_written(number.lower().replace("-", " ")) == number
