"""A state machine is a table of allowed moves; a move is one conditional UPDATE, so a lost race is noticed."""

from typing import Any

from django.db import models


class IllegalMove(Exception):
    """The table does not allow this move, or somebody else moved the row meanwhile."""


class Moves(models.Model):
    """Needs `status` and `MOVES = {from: {to, …}}`."""

    MOVES: dict[Any, set[Any]] = {}
    status: "models.CharField[str, str]"

    class Meta:
        abstract = True

    def can_move_to(self, new: str) -> bool:
        return new in self.MOVES.get(self.status, ())

    def move_to(self, new: str, **changes: Any) -> None:
        """Set status and `changes` at once. Raises IllegalMove; nothing is changed then."""
        if not self.can_move_to(new):
            raise IllegalMove(f"{self!r}: {self.status} -> {new}")
        row: models.QuerySet[Any] = type(self)._base_manager.filter(pk=self.pk)
        if not row.filter(status=self.status).update(status=new, **changes):
            raise IllegalMove(f"{self!r}: changed meanwhile, no longer {self.status}")
        self.status = new
        for name, value in changes.items():
            setattr(self, name, value)
