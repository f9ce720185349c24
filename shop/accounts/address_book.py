"""A person keeps a few addresses; one of them is used first. What an address may look like is checked before it comes here."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shop.accounts.models import Address, User
from shop.core.errors import Refused
from shop.core.locks import lock


class BookFull(Refused):
    """Address.MOST entries are enough for anybody."""


@transaction.atomic
def keep(user: User, *, address: dict[str, str], is_default: bool = False) -> Address:
    """Add an address; the first one is the default. The same address again is the one that is there. Raises BookFull."""
    entries = _book(user.pk)
    if known := entries.filter(**address).first():
        return make_default(known) if is_default else known
    if entries.count() >= Address.MOST:
        raise BookFull(_("You have %(most)d addresses already. Delete one first.") % {"most": Address.MOST})
    entry = Address.objects.create(user=user, is_default=False, **address)
    return make_default(entry) if is_default or entries.count() == 1 else entry


@transaction.atomic
def change(entry: Address, *, address: dict[str, str], is_default: bool = False) -> Address:
    _book(entry.user_id)
    for name, value in address.items():
        setattr(entry, name, value)
    entry.save(update_fields=list(address))
    return make_default(entry) if is_default else entry


@transaction.atomic
def make_default(entry: Address) -> Address:
    _book(entry.user_id).filter(is_default=True).exclude(pk=entry.pk).update(is_default=False)
    entry.is_default = True
    entry.save(update_fields=["is_default"])
    return entry


@transaction.atomic
def remove(entry: Address) -> None:
    """If it was the default, the newest of the others takes its place."""
    book, was_default = _book(entry.user_id), entry.is_default
    entry.delete()
    if was_default and (heir := book.order_by("-created_at").first()):
        make_default(heir)


def _book(user: int) -> QuerySet[Address]:
    """The entries of a person, who is locked: two tabs must not make two defaults."""
    list(lock(User.objects.filter(pk=user)))
    return Address.objects.filter(user=user)
