from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_replaced_orders")]

    operations = [
        migrations.RemoveIndex("order", "order_email"),
        migrations.AddIndex("order", models.Index(Upper("email"), name="order_email_any_case")),
    ]
