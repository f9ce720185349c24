from django.db import migrations

MAKE = """
CREATE TEXT SEARCH CONFIGURATION shop_en (COPY = english);
ALTER TEXT SEARCH CONFIGURATION shop_en
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
"""


class Migration(migrations.Migration):
    """English stems without accents, so that "cafe" finds "Café". unaccent() itself is not immutable; a configuration is."""

    dependencies = [("catalog", "0002_pictures_and_search"), ("core", "0001_extensions")]
    operations = [migrations.RunSQL(MAKE, "DROP TEXT SEARCH CONFIGURATION shop_en")]
