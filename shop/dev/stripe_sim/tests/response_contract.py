"""The simulator's answers, held against the classes of the pinned library (which are generated from Stripe's description).

A field that no class knows, a value of another type, a value outside its enumeration or a missing required field is a
deviation: the shop could come to rely on something that Stripe does not send.
"""

import typing
from collections.abc import Iterator
from typing import Any, ClassVar, ForwardRef, Literal

import stripe
import typing_extensions as te

PLAIN = {str: str, int: int, bool: bool, float: (int, float)}


def deviations(answer: dict, cls: type | None = None, path: str = "") -> Iterator[str]:
    cls = cls or class_named(answer["object"])
    known = {
        name: hint for base in cls.__mro__ for name, hint in vars(base).get("__annotations__", {}).items()
    }
    known = {
        n: hint for n, hint in known.items() if te.get_origin(hint) is not ClassVar and not n.startswith("_")
    }
    for name, value in answer.items():
        if name not in known:
            yield f"{path}{name}: {cls.__name__} has no such field"
        else:
            yield from _value(value, known[name], f"{path}{name}")
    for name, hint in known.items():
        if name not in answer and type(None) not in te.get_args(hint):
            yield f"{path}{name}: required by {cls.__name__}"


def class_named(name: str) -> type:
    """`payment_intent`, `checkout.session`: the library's class for it."""
    *folder, last = name.split(".")
    holder = getattr(stripe, folder[0]) if folder else stripe
    return getattr(holder, "".join(word.capitalize() for word in last.split("_")))


def _value(value: Any, hint: Any, path: str) -> Iterator[str]:
    options = list(_options(hint))
    if value is None:
        if type(None) not in options:
            yield f"{path}: null, but not optional"
        return
    literals = [
        str(word) for option in options if te.get_origin(option) is Literal for word in te.get_args(option)
    ]
    if literals:
        if str(value) not in literals:
            yield f"{path}: {value!r} is none of {literals}"
        return
    found = [list(_fits(value, option, path)) for option in options if option is not type(None)]
    if all(found):
        yield from min(found, key=len)


def _options(hint: Any) -> Iterator[Any]:
    if isinstance(hint, ForwardRef | str):
        hint = _resolved(hint if isinstance(hint, str) else hint.__forward_arg__)
    if te.get_origin(hint) is typing.Union:
        for part in te.get_args(hint):
            yield from _options(part)
    else:
        yield hint


def _resolved(name: str) -> Any:
    return getattr(stripe, name, None) or getattr(stripe.checkout, name, Any)


def _fits(value: Any, hint: Any, path: str) -> Iterator[str]:
    if hint is Any:
        return
    origin = te.get_origin(hint) or hint
    if hint in PLAIN:
        if not isinstance(value, PLAIN[hint]) or (isinstance(value, bool) and hint is not bool):
            yield f"{path}: {value!r} is no {hint.__name__}"
    elif origin is list:
        if not isinstance(value, list):
            yield f"{path}: no list"
            return
        for place, inner in enumerate(value):
            yield from _value(inner, te.get_args(hint)[0], f"{path}[{place}]")
    elif not isinstance(value, dict):
        yield f"{path}: {value!r} is no {getattr(origin, '__name__', origin)}"
    elif _is_described(origin):
        yield from deviations(value, origin, f"{path}.")


def _is_described(cls: Any) -> bool:
    """Whether the class says which fields there are."""
    described = (
        isinstance(cls, type) and issubclass(cls, stripe.StripeObject) and "__annotations__" in vars(cls)
    )
    return described and cls.__name__ not in ("ListObject", "UntypedStripeObject")
