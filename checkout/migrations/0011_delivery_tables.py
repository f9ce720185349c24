import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import checkout.models.shipping


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0010_narrow_taxes_and_vat_ids"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShippingSurcharge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Island delivery, bulky goods.", max_length=60, verbose_name="name"
                    ),
                ),
                ("price_minor", models.BigIntegerField(verbose_name="price")),
                ("currency", models.CharField(default="EUR", max_length=3)),
                (
                    "postcodes",
                    checkout.models.shipping.PostcodesField(
                        blank=True,
                        help_text="Empty: wherever it goes.",
                        max_length=2000,
                        validators=[checkout.models.shipping.check_postcodes],
                        verbose_name="postcodes",
                    ),
                ),
                (
                    "shipping_class",
                    models.CharField(
                        blank=True,
                        help_text="Empty: whatever it is.",
                        max_length=20,
                        verbose_name="shipping class",
                    ),
                ),
                (
                    "is_per_piece",
                    models.BooleanField(
                        default=False,
                        help_text="Of that class; else once an order.",
                        verbose_name="for each piece",
                    ),
                ),
            ],
            options={
                "verbose_name": "surcharge",
                "verbose_name_plural": "surcharges",
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="shippingrate",
            name="shipping_rate_once",
        ),
        migrations.RemoveConstraint(
            model_name="shippingrate",
            name="shipping_rate_not_negative",
        ),
        migrations.RenameField(
            model_name="shippingrate",
            old_name="up_to_g",
            new_name="up_to",
        ),
        migrations.AlterModelOptions(
            name="shippingrate",
            options={"ordering": ["up_to"]},
        ),
        migrations.AddField(
            model_name="shippingmethod",
            name="basis",
            field=models.CharField(
                choices=[
                    ("weight", "Weight"),
                    ("total", "Worth of the goods"),
                    ("pieces", "Number of pieces"),
                ],
                default="weight",
                help_text="What “up to” means in the rows below: grams, the worth of the goods, or pieces.",
                max_length=10,
                verbose_name="the table goes by",
            ),
        ),
        migrations.AddField(
            model_name="shippingmethod",
            name="not_for",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                default=list,
                help_text="With commas between: bulky. An order with such goods is not offered this.",
                size=None,
                verbose_name="not for shipping classes",
            ),
        ),
        migrations.AddField(
            model_name="shippingmethod",
            name="parcel_max_g",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Heavier orders travel in several parcels, each by the table. Empty: one parcel.",
                null=True,
                verbose_name="one parcel weighs at most (grams)",
            ),
        ),
        migrations.AddField(
            model_name="shippingrate",
            name="per_piece_minor",
            field=models.BigIntegerField(default=0, verbose_name="and for each piece"),
        ),
        migrations.AlterField(
            model_name="shippingrate",
            name="up_to",
            field=models.PositiveBigIntegerField(verbose_name="up to"),
        ),
        migrations.AddField(
            model_name="shippingzone",
            name="postcodes",
            field=checkout.models.shipping.PostcodesField(
                blank=True,
                help_text="What they begin with, or ranges: 27498, 25980-25999. Empty: all of them.",
                max_length=2000,
                validators=[checkout.models.shipping.check_postcodes],
                verbose_name="only postcodes",
            ),
        ),
        migrations.AddField(
            model_name="shippingzone",
            name="regions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                default=list,
                help_text="Their codes with commas between: AK, HI. Empty: the whole countries.",
                size=None,
                verbose_name="only states or regions",
            ),
        ),
        migrations.AddConstraint(
            model_name="shippingmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parcel_max_g", None),
                    models.Q(("basis", "weight"), ("parcel_max_g__gte", 1)),
                    _connector="OR",
                ),
                name="shipping_parcels_by_weight",
                violation_error_message="Several parcels need a table by weight.",
            ),
        ),
        migrations.AddConstraint(
            model_name="shippingrate",
            constraint=models.UniqueConstraint(
                fields=("method", "up_to", "currency"), name="shipping_rate_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="shippingrate",
            constraint=models.CheckConstraint(
                condition=models.Q(("per_piece_minor__gte", 0), ("price_minor__gte", 0)),
                name="shipping_rate_not_negative",
                violation_error_message="A price is 0 or more.",
            ),
        ),
        migrations.AddField(
            model_name="shippingsurcharge",
            name="method",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="surcharges",
                to="checkout.shippingmethod",
            ),
        ),
        migrations.AddConstraint(
            model_name="shippingsurcharge",
            constraint=models.CheckConstraint(
                condition=models.Q(("price_minor__gte", 0)),
                name="shipping_surcharge_not_negative",
                violation_error_message="A price is 0 or more.",
            ),
        ),
    ]
