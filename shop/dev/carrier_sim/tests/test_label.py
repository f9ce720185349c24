"""The label is a real picture and a real PDF, with a bar code that says the tracking number."""

import warnings
from io import BytesIO

import pytest
from PIL import Image

from shop.dev.carrier_sim import code128, label
from shop.dev.carrier_sim.store import Parcel

SENDER = {
    "name": "Ida",
    "company": "Isoline GmbH",
    "lines": ["Hauptstraße 12"],
    "city": "Berlin",
    "region": "",
}
RECIPIENT = {"name": "Jörg (Hof)", "company": "", "lines": ["Ring 3"], "city": "Wien", "region": ""}
PARCEL = Parcel(
    number="1ZA1B2C31129476057",
    carrier="ups",
    shipment="1ZA1B2C31129476057",
    reference="S-1001",
    service="11",
    sender=SENDER | {"postcode": "10115", "country": "DE"},
    recipient=RECIPIENT | {"postcode": "1070", "country": "AT"},
    grams=2300,
    cost_minor=930,
    currency="EUR",
    made_at=0.0,
)


def modules(widths: list[int]) -> str:
    return "".join("10"[index % 2] * width for index, width in enumerate(widths))


def test_every_pattern_has_the_shape_that_the_standard_gives_it():
    """Eleven modules, thirteen for the stop; an even number of dark ones; no two alike."""
    *symbols, stop = [[int(width) for width in pattern] for pattern in code128.PATTERNS]
    assert len(symbols) == 106 == len({tuple(one) for one in symbols})
    assert all(len(one) == 6 and sum(one) == 11 and sum(one[::2]) % 2 == 0 for one in symbols)
    assert sum(stop) == 13


def test_the_check_symbol_is_the_weighted_sum():
    """104 for the start, then 48·1 + 42·2 + 42·3 + 17·4 + 18·5 + 19·6 + 35·7: 879, which leaves 55."""
    symbols = code128.widths("PJJ123C")
    assert symbols[-13:-7] == [int(width) for width in code128.PATTERNS[55]]


def test_bars_hold_ascii_only():
    with pytest.raises(ValueError):
        code128.widths("ß")


def test_the_picture_lies_on_its_side_and_its_bars_can_be_read():
    picture = Image.open(BytesIO(label.png(PARCEL)))
    assert picture.size == (1080, 720)
    upright = picture.rotate(-90, expand=True).convert("L")
    row = [upright.getpixel((x, 800)) < 128 for x in range(upright.width)]
    bars = "".join("1" if dark else "0" for dark in row).strip("0")
    wanted = modules(code128.widths(PARCEL.number))
    scale, rest = divmod(len(bars), len(wanted))
    assert rest == 0 and bars == "".join(one * scale for one in wanted)


def test_the_pdf_says_who_and_where():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it came with karrio and is no longer cared for, but it reads PDF
        from PyPDF2 import PdfReader
    page = PdfReader(BytesIO(label.pdf(PARCEL)), strict=True).pages[0]
    words = page.extract_text()
    for expected in (
        "1ZA1B2C31129476057",
        "Isoline GmbH",
        "Hauptstraße 12",
        "Jörg (Hof)",
        "1070 Wien AT",
        "UPS Standard",
    ):
        assert expected in words
    assert (page.mediabox.width, page.mediabox.height) == (288, 432)
