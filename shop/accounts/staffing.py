"""Who works here, and as what. Owners invite staff and give and take roles; whoever has a role is staff, and nobody else.

An owner rules over everybody but operators (superusers): he can neither make one, nor change one, nor become one. One owner
always stays, active, whoever asks. Every change is told on the person's own timeline.

Who works for a seller has the role "seller" and no other, and nobody else has it: what he sees is his seller's alone.
"""

from collections.abc import Collection
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from shop.accounts.models import Seller, User
from shop.accounts.roles import SELLER
from shop.core import events, mail
from shop.core.errors import Refused
from shop.core.http import absolute
from shop.core.locks import lock

OWNER = "owner"


class NotYours(Refused):
    """Only owners decide about staff, and only operators about operators."""


class LastOwner(Refused):
    """Somebody must be able to decide."""


class KnownAlready(Refused):
    """The address belongs to somebody who has an account."""


class NoRole(Refused):
    """An invitation says as what."""


class WrongSide(Refused):
    """One works for the shop or for one of its sellers."""


def rules(person: Any) -> bool:
    """Whether he decides about staff: an owner or an operator."""
    is_ours = person.is_active and person.is_staff and person.seller_id is None
    return bool(is_ours and (person.is_superuser or _owns(person)))


def may_change(person: User, *, by: Any) -> bool:
    """Operators are changed by operators, staff by owners, shoppers by whoever may change people."""
    if person.is_superuser:
        return bool(by.is_superuser)
    return rules(by) if person.is_staff else True


@transaction.atomic
def invite(person: User, *, roles: Collection[Group], by: Any) -> User:
    """A new colleague, not saved yet: gets his roles, and a mail by which he chooses his password.

    `person.seller` is whom he works for. Raises NotYours, NoRole, KnownAlready, WrongSide.
    """
    if not rules(by):
        raise NotYours(_("Only owners decide about staff."))
    if not roles:
        raise NoRole(_("Choose at least one role. Customers make their accounts themselves."))
    email = person.email.strip().lower()
    if (
        User.objects.filter(email__iexact=email).exists()
        or EmailAddress.objects.filter(email__iexact=email).exists()
    ):
        raise KnownAlready(_("This address has an account already: give it its roles there."))
    person.email, person.is_superuser = email, False
    person.set_unusable_password()
    person.save()
    person.vouch_for_email()  # only who reads its mails gets in
    events.record("person.invited", person, by=by)
    set_roles(person, roles=roles, seller=person.seller, by=by)
    mail.send(
        "staff_invited",
        to=person.email,
        key=f"{person.pk}",
        context={"name": person.name.split(" ")[0], "url": absolute(reverse("account_reset_password"))},
        language=person.language,
        about=person,
    )
    return person


@transaction.atomic
def set_roles(person: User, *, roles: Collection[Group], seller: Seller | None = None, by: Any) -> User:
    """Exactly these roles, for the shop or for `seller`; none for who works here no longer.

    Raises NotYours, LastOwner, WrongSide.
    """
    check_side({group.name for group in roles}, seller)
    _lock_owners_and(person)
    person_now = User.objects.get(pk=person.pk)
    if not rules(by) or not may_change(person_now, by=by):
        raise NotYours(_("Only owners decide about staff, and only operators about operators."))
    had, wanted = set(person_now.groups.all()), set(roles)
    if had == wanted and person_now.seller == seller:
        return person_now
    if any(group.name == OWNER for group in had - wanted):
        _keep_an_owner(person_now)
    person_now.groups.set(wanted)
    person_now.is_staff = bool(wanted) or person_now.is_superuser
    person_now.seller = seller if wanted else None
    person_now.save(update_fields=["is_staff", "seller"])
    for group in sorted(wanted - had, key=lambda one: one.name):
        events.record("role.given", person_now, by=by, role=group.name)
    for group in sorted(had - wanted, key=lambda one: one.name):
        events.record("role.taken", person_now, by=by, role=group.name)
    return person_now


def check_side(roles: set[str], seller: Seller | None) -> None:
    """Raises WrongSide."""
    if seller is not None and roles - {SELLER}:
        raise WrongSide(_("The staff of a seller has the role “seller” and no other."))
    if roles and (SELLER in roles) != (seller is not None):
        raise WrongSide(_("Say for which seller: the role “seller” is for the staff of one."))


@transaction.atomic
def note_change(person: User, *, fields: Collection[str], by: Any) -> None:
    """The named fields of `person` are about to be saved. Raises NotYours, LastOwner."""
    _lock_owners_and(person)
    if not may_change(User.objects.get(pk=person.pk), by=by):
        raise NotYours(_("Only owners decide about staff, and only operators about operators."))
    if "is_active" in fields and not person.is_active:
        _keep_an_owner(person)
    events.record("person.changed", person, by=by, fields=sorted(fields))


def is_last_owner(person: User) -> bool:
    return _owns(person) and not _owners().exclude(pk=person.pk).exists()


def _owns(person: Any) -> bool:
    return person.seller_id is None and bool(person.groups.filter(name=OWNER).exists())


def _owners() -> Any:
    return User.objects.filter(groups__name=OWNER, is_active=True, seller=None)


def _keep_an_owner(person: User) -> None:
    if is_last_owner(person):
        raise LastOwner(_("This is the last owner. Make somebody else an owner first."))


def _lock_owners_and(person: User) -> None:
    """Two owners who take the role from one another at once: the second waits, and finds himself the last."""
    list(lock(User.objects.filter(Q(pk=person.pk) | Q(pk__in=_owners().values("pk")))))
