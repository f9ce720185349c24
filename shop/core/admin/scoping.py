"""A seller's staff sees only its own rows. Every screen says by which path a row leads to its seller; one that says nothing
is closed to them, so that a new screen shows nobody what is not his.

The shop's own team has no seller and sees everything.
"""

from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.urls import URLPattern

CLOSED = ""  # not for a seller's staff
SHARED = "*"  # they may look, as everybody does; the shop's team alone changes it


def seller_of(request: HttpRequest) -> int | None:
    """The seller whose staff is asking; None: the shop's own team."""
    return getattr(request.user, "seller_id", None)


class ScopedChoices:
    """What may be chosen in a form are the rows that its reader sees on their own screen."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        self._narrow(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        self._narrow(db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def _narrow(self, db_field: Any, request: HttpRequest, kwargs: dict) -> None:
        model = db_field.remote_field.model
        screen = self.admin_site._registry.get(model)  # type: ignore[attr-defined]
        seller = seller_of(request)
        if seller is not None and isinstance(screen, ScopedRows):
            rows = kwargs.get("queryset", model._default_manager.all())
            kwargs["queryset"] = screen.visible_to(seller, rows)


class ScopedRows(ScopedChoices):
    """A screen. `seller_path` is CLOSED, SHARED or the way from a row to its seller, e.g. "product__seller"; over a
    to-many relation, override `of_seller`."""

    seller_path = CLOSED

    def of_seller(self, seller: int, rows: QuerySet) -> QuerySet:
        return rows.filter(**{self.seller_path: seller})

    def visible_to(self, seller: int, rows: QuerySet) -> QuerySet:
        if self.seller_path == CLOSED:
            return rows.none()
        return rows if self.seller_path == SHARED else self.of_seller(seller, rows)

    def scoped(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        """Of `rows`, those that the reader may see."""
        seller = seller_of(request)
        return rows if seller is None else self.visible_to(seller, rows)

    def get_queryset(self, request: HttpRequest) -> Any:
        return self.scoped(request, super().get_queryset(request))  # type: ignore[misc]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model:
        """What is another seller's does not exist."""
        found: Model | None = super().get_object(request, object_id, from_field)  # type: ignore[misc]
        if found is None:
            raise Http404
        return found

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_open(request, obj) and super().has_view_permission(request, obj)  # type: ignore[misc]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._is_open(request, None, writes=True) and super().has_add_permission(request)  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_open(request, obj, writes=True) and super().has_change_permission(request, obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_open(request, obj, writes=True) and super().has_delete_permission(request, obj)  # type: ignore[misc]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_open(request, None) and super().has_module_permission(request)  # type: ignore[misc]

    def get_readonly_fields(self, request, obj=None):
        """Whose a thing is, the shop's team decides."""
        found = list(super().get_readonly_fields(request, obj))  # type: ignore[misc]
        return found if seller_of(request) is None or not self._has_seller() else [*found, "seller"]

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Whoever sees one seller's rows need not choose between sellers."""
        found = super().get_list_filter(request)  # type: ignore[misc]
        return found if seller_of(request) is None else [one for one in found if one != "seller"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """What a seller's staff makes is its seller's."""
        if not change and self._has_seller() and (seller := seller_of(request)):
            obj.seller_id = seller
        super().save_model(request, obj, form, change)  # type: ignore[misc]

    @property
    def urls(self) -> list[URLPattern]:
        """Every page of a closed screen is closed, also one that asks for rights of its own."""
        return [self._guarded(one) for one in super().urls]  # type: ignore[misc]

    def _guarded(self, one: URLPattern) -> URLPattern:
        view = one.callback

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not self._is_open(request, None):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        one.callback = guarded
        return one

    def _is_open(self, request: HttpRequest, obj: Model | None, *, writes: bool = False) -> bool:
        seller = seller_of(request)
        if seller is None:
            return True
        if self.seller_path == CLOSED or (writes and self.seller_path == SHARED):
            return False
        if obj is None or obj.pk is None:
            return True
        return self.visible_to(seller, type(obj)._default_manager.filter(pk=obj.pk)).exists()

    def _has_seller(self) -> bool:
        return any(field.name == "seller" for field in self.model._meta.fields)  # type: ignore[attr-defined]
