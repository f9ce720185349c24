"""The catalogues of the languages: sound, and compiled from what stands in them."""

import pytest
from babel.messages.catalog import Catalog
from django.core.management import call_command
from django.utils import translation

from shop.management.commands import compilemessages


@pytest.mark.parametrize("source", compilemessages.sources(), ids=lambda source: source.parts[-3])
def test_a_catalogue_is_sound_and_its_compiled_file_fresh(source):
    catalogue = compilemessages.read(source)
    assert len(catalogue) > 1000 and str(catalogue.locale) == source.parts[-3]
    assert compilemessages.faults(catalogue) == []
    fresh = compilemessages.compiled(catalogue)
    assert source.with_suffix(".mo").read_bytes() == fresh, "run `manage.py compilemessages`"


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
