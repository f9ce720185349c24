"""Files as people upload them: any delimiter, any usual encoding, and quite a few that are no tables at all."""

import codecs
import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core import csvio
from shop.core.csvio import NotCsv

TABLE = 'name,note\r\n"Grüße, Welt","two\nlines and a ""quote"""\r\nMug,plain\r\n'


def told(content: bytes):
    file = io.BytesIO(content)
    return list(csvio.read(file, csvio.shape_of(file)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_finds_out_how_a_file_is_written(encoding, delimiter):
    header, first, second = told(TABLE.replace(",", delimiter).encode(encoding))
    assert header.cells == ["name", "note"]
    assert first.cells == [f"Grüße{delimiter} Welt", 'two\nlines and a "quote"']
    assert (header.line, first.line, second.line) == (1, 2, 4)


def test_a_comma_inside_quotes_does_not_pass_for_a_delimiter():
    assert told(b'id;"Sale, begins";name\n1;2;3\n')[0].cells == ["id", "Sale, begins", "name"]


def test_the_line_that_excel_puts_first_is_no_header():
    records = told(b"sep=;\r\nname;note\r\nMug;x\r\n")
    assert [record.cells for record in records] == [["name", "note"], ["Mug", "x"]]
    assert records[0].line == 2


def test_a_late_letter_of_windows_1252_is_found():
    content = b"name,note\n" + b"Mug,plain\n" * 20_000 + "Gefäß,x\n".encode("cp1252")
    assert told(content)[-1].cells == ["Gefäß", "x"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"only one column\nMug\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00",
        b"PK\x03\x04\x14\x00\x06\x00",
        random.Random(7).randbytes(5000),
        codecs.BOM_UTF8 + b"name,note\n\xff\xfe",
        b"name,note\n\x01\x02,x\n",
    ],
    ids=["empty", "one column", "picture", "spreadsheet", "noise", "broken mark", "control letters"],
)
def test_refuses_what_is_no_table(content):
    with pytest.raises(NotCsv):
        told(content)


def test_a_cell_of_ten_megabytes_is_one_bad_line_among_good_ones():
    content = b"name,note\nMug,x\nJar," + b"a" * 10_000_000 + b"\nPot,y\n"
    _header, _mug, jar, pot = told(content)
    assert (jar.line, jar.cells, pot.line, pot.cells) == (3, [], 4, ["Pot", "y"])
    assert "200000" in jar.error


def test_a_quote_that_never_ends_costs_no_memory_and_no_crash():
    records = told(b'name,note\nMug,"x\n' + b"Jar,y\n" * 60_000)
    assert any(record.error for record in records) and len(records) < 60_000


def test_damage_behind_the_beginning_is_told_with_its_line():
    file = io.BytesIO(b"name,note\n" + b"Mug,x\n" * 5000 + b"\xff\xff\n")
    last = list(csvio.read(file, csvio.Shape("utf-8", ",")))[-1]
    assert last.error and last.line > 1


def test_null_bytes_further_down_are_one_bad_line():
    file = io.BytesIO(b"name,note\nMug,\x00\nJar,y\n")
    _header, mug, jar = csvio.read(file, csvio.Shape("utf-8", ","))
    assert mug.error and jar.cells == ["Jar", "y"]


@pytest.mark.parametrize("text", ["=1+1", "+49", "-5", "@sum", "\tx", "\rx", "＝1", "'=1", "''@"])
def test_no_cell_begins_like_a_formula(text):
    assert csvio.neutralise(text).startswith("'") and csvio.restore(csvio.neutralise(text)) == text


@pytest.mark.parametrize("text", ["", "Mug", "'n Mug", "'", "it's = fine", "5-3"])
def test_other_texts_stay_as_they_are(text):
    assert csvio.neutralise(text) == text == csvio.restore(text)


@given(
    st.lists(
        st.lists(
            st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00")),
            min_size=2,
            max_size=4,
        ),
        max_size=8,
    )
)
def test_what_is_written_is_read_back(rows):
    rows = [[csvio.neutralise(cell) for cell in row] for row in [["a", "b"], *rows]]
    file = io.BytesIO(b"".join(csvio.written(rows)))
    found = [record.cells for record in csvio.read(file, csvio.Shape("utf-8", ","))]
    assert found == [
        [csvio.restore(cell) for cell in row] for row in rows if any(cell.strip() for cell in row)
    ]
