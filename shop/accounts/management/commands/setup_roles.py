"""Make the staff roles (owner, catalogue, orders, support) and, if asked, give one to a person.

manage.py setup_roles
manage.py setup_roles --give orders ada@example.com
"""

from django.core.management.base import BaseCommand, CommandError

from shop.accounts import roles
from shop.accounts.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--give", nargs=2, metavar=("ROLE", "EMAIL"))

    def handle(self, *args, give, **options):
        for role, rights in roles.set_up().items():
            self.stdout.write(f"{role}: {rights} rights")
        if give:
            self._give(*give)

    def _give(self, role: str, email: str) -> None:
        if role not in roles.ROLES:
            raise CommandError(f"There is no role {role}. There are {', '.join(roles.ROLES)}.")
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Nobody signs in with {email}. Let the person make an account first.")
        try:
            roles.give(user, role=role)
        except ValueError as error:
            raise CommandError(f"{error}. Say it under People in the admin.") from error
        self.stdout.write(f"{email} is {role} now.")
