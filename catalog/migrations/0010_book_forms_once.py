from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("catalog", "0009_steady_attribute_order")]

    operations = [
        migrations.AddField("movement", "once", models.UUIDField(null=True)),
        migrations.AddConstraint(
            "movement",
            models.UniqueConstraint(
                fields=["stock_item", "once"], condition=Q(once__isnull=False), name="movement_once"
            ),
        ),
    ]
