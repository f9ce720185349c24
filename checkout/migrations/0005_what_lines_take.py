from django.db import migrations, models

# Until now every line took pieces of its own variant.
FILL = "UPDATE checkout_checkoutline SET takes = jsonb_build_object(variant_id::text, 1)"


class Migration(migrations.Migration):
    dependencies = [("checkout", "0004_constraints_speak")]

    operations = [
        migrations.AddField(model_name="checkoutline", name="takes", field=models.JSONField(default=dict)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
