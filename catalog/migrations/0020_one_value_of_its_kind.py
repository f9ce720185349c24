from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0019_carry_over_attributes")]
    operations = [
        migrations.AddConstraint(
            model_name="attribute",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit", ""), ("kind", "number"), _connector="OR"),
                name="attribute_unit_of_number",
                violation_error_message="Only numbers have a unit.",
            ),
        ),
        migrations.AddConstraint(
            model_name="attribute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_multiple", False), ("kind__in", ["text", "choice", "swatch"]), _connector="OR"
                ),
                name="attribute_several_values",
                violation_error_message="A number, a date or a yes is one value.",
            ),
        ),
        migrations.AddIndex(
            model_name="productattribute",
            index=models.Index(
                condition=models.Q(("number__isnull", False)),
                fields=["attribute", "number"],
                name="product_attribute_number",
            ),
        ),
        migrations.AddIndex(
            model_name="productattribute",
            index=models.Index(
                condition=models.Q(("date__isnull", False)),
                fields=["attribute", "date"],
                name="product_attribute_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="productattribute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("text", ""), _negated=True),
                        ("number", None),
                        ("choice", None),
                        ("is_true", None),
                        ("date", None),
                    ),
                    models.Q(
                        ("text", ""),
                        models.Q(("number", None), _negated=True),
                        ("choice", None),
                        ("is_true", None),
                        ("date", None),
                    ),
                    models.Q(
                        ("text", ""),
                        ("number", None),
                        models.Q(("choice", None), _negated=True),
                        ("is_true", None),
                        ("date", None),
                    ),
                    models.Q(
                        ("text", ""),
                        ("number", None),
                        ("choice", None),
                        models.Q(("is_true", None), _negated=True),
                        ("date", None),
                    ),
                    models.Q(
                        ("text", ""),
                        ("number", None),
                        ("choice", None),
                        ("is_true", None),
                        models.Q(("date", None), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="product_attribute_one_value",
            ),
        ),
        migrations.AddConstraint(
            model_name="productattribute",
            constraint=models.UniqueConstraint(
                fields=("product", "attribute", "text", "number", "choice", "is_true", "date"),
                name="product_attribute_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="attributechoice",
            constraint=models.UniqueConstraint(fields=("attribute", "name"), name="attribute_choice_once"),
        ),
    ]
