"""The catalogues of the languages: sound, and compiled from what stands in them."""

import re

import pytest
from babel.messages.catalog import Catalog
from django.core.management import call_command
from django.utils import translation

from shop.management.commands import compilemessages

TAG = re.compile(r"</?\w+[^<>]*>|&\w+;")


@pytest.mark.parametrize("source", compilemessages.sources(), ids=lambda source: source.parts[-3])
def test_a_catalogue_is_sound_and_its_compiled_file_fresh(source):
    catalogue = compilemessages.read(source)
    assert len(catalogue) > 1000 and str(catalogue.locale) == source.parts[-3]
    assert compilemessages.faults(catalogue) == []
    fresh = compilemessages.compiled(catalogue)
    assert source.with_suffix(".mo").read_bytes() == fresh, "run `manage.py compilemessages`"


@pytest.mark.parametrize("source", compilemessages.sources(), ids=lambda source: source.parts[-3])
def test_everything_is_translated_by_a_person_and_nothing_is_left_over(source):
    catalogue = compilemessages.read(source)
    silent = [
        message.id for message in catalogue if message.id and not compilemessages.is_translated(message)
    ]
    assert not silent and not catalogue.obsolete, "translate what is new: docs/translating.md"


@pytest.mark.parametrize("source", compilemessages.sources(), ids=lambda source: source.parts[-3])
def test_a_translation_has_the_tags_of_the_english_and_no_blanks_at_its_ends(source):
    wrong = [
        (english, other)
        for message in compilemessages.read(source)
        if message.id
        for english, other in pairs(message)
        if sorted(TAG.findall(english)) != sorted(TAG.findall(other)) or other != other.strip()
    ]
    assert not wrong


def test_german_has_its_own_quotation_marks():
    """„so“, never “so” or "so": an opening mark for each closing one."""
    source = next(source for source in compilemessages.sources() if source.parts[-3] == "de")
    for message in compilemessages.read(source):
        for _, other in pairs(message) if message.id else []:
            plain = TAG.sub("", other)
            assert plain.count("„") == plain.count("“") and "”" not in plain and '"' not in plain, other


def pairs(message):
    """Each form of a message: English, translated. Spelt plurals are held against the English plural."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    return [(message.id[min(at, 1)], form) for at, form in enumerate(message.string)]


@pytest.mark.parametrize(
    ("text", "found"), [("%(count)s Stück", 0), ("viele Stück", 1), ("%(count)s %(things)s", 1)]
)
def test_a_translation_with_other_placeholders_is_found(text, found):
    catalogue = Catalog(locale="de")
    catalogue.add("%(count)s pieces", text, flags=["python-format"])
    assert len(compilemessages.faults(catalogue)) == found


def test_what_is_compiled_is_read_by_django(settings, tmp_path):
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nLanguage: de\\n"\n\n'
        'msgid "Your cart is kept, cup by cup."\nmsgstr "Jede Tasse bleibt."\n\n'
        'msgid "Yes"\nmsgstr ""\n\nmsgid "%d year"\nmsgid_plural "%d years"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    )
    settings.LOCALE_PATHS = [tmp_path]
    call_command("compilemessages", verbosity=0)
    with translation.override("de"):
        assert translation.gettext("Your cart is kept, cup by cup.") == "Jede Tasse bleibt."
        assert translation.gettext("Yes") == "Ja"  # Django's own, because ours is still to come
