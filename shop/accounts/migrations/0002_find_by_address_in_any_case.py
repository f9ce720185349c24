from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("user", "user_email_any_case"),
        migrations.AddConstraint(
            "user",
            models.UniqueConstraint(
                Upper("email"),
                name="user_email_once_in_any_case",
                violation_error_message="This address has an account already.",
            ),
        ),
    ]
