from django.db import migrations, models

# Stripe's moment was kept inside the payload before.
TAKE_OVER = """
UPDATE core_notice SET happened_at = to_timestamp((payload ->> 'created')::bigint)
WHERE provider = 'stripe' AND payload ->> 'created' ~ '^[1-9][0-9]{0,10}$'
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]

    operations = [
        migrations.AddField("notice", "happened_at", models.DateTimeField(null=True)),
        migrations.RunSQL(TAKE_OVER, migrations.RunSQL.noop),
        migrations.AddIndex(
            "notice", models.Index(fields=["provider", "happened_at"], name="notice_happened")
        ),
    ]
