import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # built while the shop goes on
    dependencies = [("catalog", "0012_price_lists")]

    operations = [
        AddIndexConcurrently(
            model_name="productsearch",
            index=django.contrib.postgres.indexes.GinIndex(fields=["price_lists"], name="search_price_lists"),
        ),
    ]
