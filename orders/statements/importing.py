"""A statement is taken in whole, and each credit once, however often and in how many files the bank shows it.

What is sure is booked at once; what is likely is proposed; the rest waits for a person. Nothing is booked from a file that
cannot be read to its end.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from orders import transferring
from orders.models import BankStatement, Order, Transfer
from orders.statements.matching import match
from orders.statements.reading import Credit, Statement, read
from shop.core import events


@dataclass
class Outcome:
    """What became of a file. `known` are credits that an earlier file had shown already."""

    statement: BankStatement | None = None
    booked: list[Transfer] = field(default_factory=list)
    proposed: list[Transfer] = field(default_factory=list)
    unmatched: list[Transfer] = field(default_factory=list)
    known: int = 0
    left_out: int = 0


def look(content: bytes) -> dict[str, int]:
    """What taking it in would do, without doing it. Raises StatementRefused."""
    statement = read(content)
    fresh = _fresh(statement)
    found = {"booked": 0, "proposed": 0, "unmatched": 0}
    for credit in fresh:
        one = match(credit)
        found["booked" if one.is_sure else "proposed" if one.order else "unmatched"] += 1
    return found | {"known": len(statement.credits) - len(fresh), "left_out": statement.left_out}


def take_in(content: bytes, *, name: str, by: Any = None) -> Outcome:
    """Raises StatementRefused. The same file again changes nothing, but goes on where a first time was broken off."""
    statement = read(content)
    kept = _keep(statement, content, name=name, by=by)
    outcome = Outcome(kept, left_out=statement.left_out)
    fresh = {credit.key for credit in _fresh(statement)}
    outcome.known = len(statement.credits) - len(fresh)
    for credit in statement.credits:
        if credit.key in fresh:
            _place(_transfer(kept, credit), credit, outcome, by=by)
    return outcome


def _fresh(statement: Statement) -> list[Credit]:
    keys = [credit.key for credit in statement.credits]
    known = set(Transfer.objects.filter(key__in=keys).values_list("key", flat=True))
    return [credit for credit in statement.credits if credit.key not in known]


@transaction.atomic
def _keep(statement: Statement, content: bytes, *, name: str, by: Any) -> BankStatement:
    kept, made = BankStatement.objects.get_or_create(
        digest=hashlib.sha256(content).hexdigest(),
        defaults={
            "name": name[:200],
            "credits": len(statement.credits),
            "left_out": statement.left_out,
            "by": by if getattr(by, "pk", None) else None,
        },
    )
    if made:
        events.record("bank_statement.taken_in", kept, by=by, credits=kept.credits)
    return kept


def _transfer(kept: BankStatement, credit: Credit) -> Transfer:
    return Transfer.objects.get_or_create(
        key=credit.key,
        defaults={
            "statement": kept,
            "booked_date": credit.booked_on,
            "amount_minor": credit.amount_minor,
            "currency": credit.currency,
            "payer": credit.payer,
            "text": credit.text[:1000],
        },
    )[0]


def _place(transfer: Transfer, credit: Credit, outcome: Outcome, *, by: Any) -> None:
    """Each in a transaction of its own: one that fails keeps no other from being booked."""
    if transfer.status != Transfer.Status.NEW:
        return
    found = match(credit)
    if found.is_sure and found.order:
        outcome.booked.append(transferring.book(transfer, order=found.order, by=by))
    elif found.order:
        outcome.proposed.append(_propose(transfer, found.order, found.why))
    else:
        Transfer.objects.filter(pk=transfer.pk).update(why=found.why)
        outcome.unmatched.append(transfer)


def _propose(transfer: Transfer, order: Order, why: str) -> Transfer:
    transfer.move_to(Transfer.Status.PROPOSED, order=order, why=why)
    return transfer
