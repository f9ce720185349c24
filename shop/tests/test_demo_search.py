"""What people type, against the demo's catalogue: the first result, or words that say there is none."""

import pytest
from django.http import QueryDict

from catalog import searching

pytestmark = pytest.mark.django_db

# typed → the first product, or one of several that are equally right
FOUND = {
    "contour no. 11": {"Contour No. 11"},
    "Contour Mug": {"Contour Mug"},
    "contour notebook": {"Contour Notebook"},
    "CONTOUR MUG": {"Contour Mug"},
    "  mug   contour ": {"Contour Mug"},
    "halftone": {"Halftone Moon", "Halftone Moon T-shirt"},
    "halftone moon t-shirt": {"Halftone Moon T-shirt"},
    "moon tee": {"Halftone Moon T-shirt"},
    "moon tshirt": {"Halftone Moon T-shirt"},
    "sunflowers": {"Sunflower Count", "Sunflower Mug", "Sunflower T-shirt"},
    "coffee cup terrazzo": {"Terrazzo Mug"},
    "cups": {"mug"},
    "poster moon": {"Halftone Moon"},
    "wall art arches": {"Three Arches"},
    "journal": {"notebook"},
    "weekly planner": {"Quarter Turn Weekly Planner"},
    "drawing book": {"Five-Fold Drawing Book"},
    "hitomezashi": {"Stitch Count", "Stitch Mug"},
    "stoneware": {"mug"},
    "organic cotton": {"T-shirt"},
    "PR-CE01-A3-OK": {"Contour No. 11"},
    "pr-ce01": {"Contour No. 11"},
    "prce01a4nf": {"Contour No. 11"},
    "2473000000178": {"Contour No. 11"},
    "MG-SUNFLOWE-BERRY": {"Sunflower Mug"},
    "conturs": {"Contour No. 11", "Contour Mug", "Contour Notebook"},
    "terazzo mug": {"Terrazzo Mug"},
    "halftne": {"Halftone Moon", "Halftone Moon T-shirt"},
    "notbook": {"notebook"},
    "overprnt": {"Overprint", "Overprint T-shirt"},
    "sunflwer count": {"Sunflower Count"},
    "mgu": {"mug"},
    "stichh mug": {"Stitch Mug"},
    "côntour mug": {"Contour Mug"},
    "contou": {"Contour No. 11", "Contour Mug", "Contour Notebook"},
    "sta": {"Stair Study in Lilac, or How a City Looks Before Somebody Has Drawn It"},
    "mug -terrazzo": {"mug"},
    '"lilac dusk"': {"Lilac Dusk"},
    "blue mugs": {"mug"},
    "contour zzzzqq": {"Contour No. 11", "Contour Mug", "Contour Notebook"},
    # synonyms, both ways and one way
    "ceramic": {"mug"},
    "pottery moss": {"Contour Mug"},
    "tumbler": {"mug"},
    "coffee mug terrazzo": {"Terrazzo Mug"},
    "jotter": {"notebook"},
    "agenda": {"Quarter Turn Weekly Planner"},
    "organizer": {"Quarter Turn Weekly Planner"},
    "jersey moon": {"Halftone Moon T-shirt"},
    "hills": {"Contour", "Ridge"},
    "flowers": {"Sunflower", "Stems"},
    "ocean": {"Waves"},
    "wall decoration moon": {"Halftone Moon"},
    # plurals and singulars
    "waves": {"Nine Waves"},
    "nine wave": {"Nine Waves"},
    "rosettes": {"Rosette"},
    "pendulums": {"Pendulum T-shirt"},
    "three stem": {"Three Stems"},
    "shirts": {"T-shirt"},
    # letters with and without signs
    "RÓSETTE": {"Rosette"},
    "pendülum": {"Pendulum T-shirt"},
    "hálftone moon": {"Halftone Moon"},
    # misspelt
    "pendulm": {"Pendulum T-shirt"},
    "rosete": {"Rosette"},
    "teracotta terazzo": {"Terrazzo"},
    "sweitchback": {"Switchback Mug"},
    "weekly planer": {"Quarter Turn Weekly Planner"},
    "hitomezshi": {"Stitch"},
    # two words, one of them of a colour or a size
    "yellow mug": {"mug"},
    "heart shirt": {"Heart Curve T-shirt"},
    "terrain trio": {"Terrain Trio"},
    "desk set": {"Desk Set: Contour"},
    "berry notebook": {"Contour Notebook"},
    "TS-HALFTONE-WASH-XS": {"Halftone Moon T-shirt"},
    "nb-ribbon": {"Ribbon Notebook"},
}
NOTHING = ["qqzzxx", "%%%", "***", "<script>", "\\", "&|!():*", "12345678901", "'' '"]


def names(typed) -> list[str]:
    params = QueryDict(mutable=True)
    params["q"] = typed
    return [card["name"] for card in searching.search(params).listing.cards]


@pytest.mark.parametrize("typed", FOUND)
def test_finds_what_was_meant(isoline, typed):
    found = names(typed)
    assert found, f"nothing found for {typed}"
    assert any(right.lower() in found[0].lower() for right in FOUND[typed]), found[:5]


@pytest.mark.parametrize("typed", NOTHING)
def test_says_when_there_is_nothing(isoline, typed):
    assert names(typed) == []


def test_an_excluded_word_is_excluded(isoline):
    assert "Terrazzo Mug" in names("mug") and "Terrazzo Mug" not in names("mug -terrazzo")


def test_beside_an_excluded_word_the_others_still_tell_what_fits_best(isoline):
    found = names("contour -notebook")
    assert found.index("Contour Mug") < found.index("Your Place, Drawn for You")
    assert names('contour -"no such words"')[:3] == names("contour")[:3]
    assert names("-contour") and "Contour Mug" not in names("-contour")


def test_what_is_in_a_set_comes_before_the_set(isoline):
    found = names("contour")
    assert found.index("Contour Mug") < found.index("Desk Set: Contour")


def test_without_words_everything_is_shown_and_very_long_ones_are_cut(isoline):
    assert len(names("")) == 24
    assert names("mug " * 5000)


def test_suggests_categories_then_products(isoline):
    rows = searching.suggest("mug")
    assert [row["name"] for row in searching.suggest("mo")][:1] == ["moon"]
    assert rows[0]["name"] == "Mugs" and rows[0]["url"] == "/c/mugs/"
    assert 2 < len(rows) <= 8 and "Mug" in rows[1]["name"]
    assert searching.suggest("m") == [] and searching.suggest("\0\0") == []
