from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("support", "0002_token_topics_and_faq")]

    operations = [
        migrations.RemoveIndex("ticket", "ticket_email"),
        migrations.AddIndex("ticket", models.Index(Upper("email"), name="ticket_email_any_case")),
    ]
