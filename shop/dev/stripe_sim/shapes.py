"""What Stripe accepts, read from Stripe's own artefact: the `stripe.params.*` TypedDicts of the pinned library, which are
generated from Stripe's OpenAPI document. Names, required fields, types and enumerations are checked at every depth.

`problems(shape, params)` lists what is wrong; `typed(shape, params)` returns the values as Python's, form text converted.
"""

import importlib
import re
import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType, UnionType
from typing import Any, Literal, NamedTuple

import typing_extensions as te


class Problem(NamedTuple):
    path: str  # as in Stripe's `param`: shipping[address][line1]
    code: str
    message: str


@dataclass(frozen=True)
class Shape:
    """One type: `kind` is object, list, map, enum, union, or a plain type's name."""

    kind: str
    fields: tuple[tuple[str, "Shape", bool], ...] = ()  # (name, shape, required)
    inner: tuple["Shape", ...] = ()
    values: frozenset[str] = frozenset()

    @property
    def names(self) -> dict[str, tuple["Shape", bool]]:
        return {name: (shape, required) for name, shape, required in self.fields}

    def plus(self, **extra: "Shape") -> "Shape":
        """The same object with more optional fields."""
        return Shape(self.kind, (*self.fields, *((name, shape, False) for name, shape in extra.items())))


TEXT = Shape("str")
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
PLAIN = {str: "str", int: "int", bool: "bool", float: "float"}


@cache
def shape_of(module: str, name: str) -> Shape:
    """The shape of a params TypedDict, e.g. `shape_of("stripe.params._refund_create_params", "RefundCreateParams")`."""
    loaded = importlib.import_module(module)
    return _object(getattr(loaded, name), loaded)


def _object(typed_dict: Any, module: ModuleType) -> Shape:
    options = importlib.import_module("stripe._request_options").RequestOptions.__annotations__
    fields = []
    for name, hint in typed_dict.__annotations__.items():
        if name in options:  # how to send, not what to send
            continue
        origin = te.get_origin(hint)
        required = origin is not te.NotRequired
        fields.append((name, _shape(hint if required else te.get_args(hint)[0], module), required))
    return Shape("object", tuple(fields))


def _shape(hint: Any, module: ModuleType) -> Shape:
    if isinstance(hint, str | typing.ForwardRef):
        text = hint if isinstance(hint, str) else hint.__forward_arg__
        hint = eval(text, vars(module))  # nosec B307 (the text is the pinned library's own annotation)
    if hint in PLAIN:
        return Shape(PLAIN[hint])
    if hint is Any:
        return Shape("any")
    if te.is_typeddict(hint):
        return _object(hint, module)
    origin, inner = te.get_origin(hint), te.get_args(hint)
    if origin is Literal:
        return Shape("enum", values=frozenset(str(value) for value in inner))
    if origin in (typing.Union, UnionType):
        return _union([_shape(part, module) for part in inner])
    if origin in (list, typing.Sequence):
        return Shape("list", inner=(_shape(inner[0], module),))
    if origin is dict or getattr(origin, "__name__", "") == "UntypedStripeObject":
        return Shape("map", inner=(_shape(inner[-1], module),))
    return Shape(getattr(hint, "__name__", "any").lower())  # Decimal, datetime: taken as text


def _union(parts: list[Shape]) -> Shape:
    """`Literal["a", "b"] | str` is how the library writes an enumeration that may grow: for us it is closed."""
    listed = [part for part in parts if part.kind == "enum" and part.values - {""}]
    if listed:
        parts = [part for part in parts if part.kind != "str"]
    flat = [deeper for part in parts for deeper in (part.inner if part.kind == "union" else (part,))]
    return Shape("union", inner=tuple(dict.fromkeys(flat)))


def problems(shape: Shape, value: Any, path: str = "") -> Iterator[Problem]:
    """Everything about `value` that Stripe would refuse by its form alone."""
    if shape.kind == "union":
        tried = [list(problems(part, value, path)) for part in shape.inner]
        if all(tried):
            yield from min(tried, key=lambda found: (found[0].path == path, len(found)))
    elif shape.kind == "object":
        yield from _object_problems(shape, value, path)
    elif shape.kind in ("list", "map"):
        if not isinstance(value, list if shape.kind == "list" else dict):
            yield Problem(
                path, "parameter_invalid", f"Invalid {'array' if shape.kind == 'list' else 'object'}"
            )
            return
        pairs: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
        for name, inner in pairs:
            if shape.kind == "map" and inner == "":  # an empty value unsets the entry
                continue
            yield from problems(shape.inner[0], inner, f"{path}[{name}]")
    elif not _fits(shape, value):
        yield _wrong_value(shape, value, path)


def _object_problems(shape: Shape, value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(path, "parameter_invalid", "Invalid object")
        return
    names = shape.names
    for name, inner in value.items():
        at = f"{path}[{name}]" if path else str(name)
        if name not in names:
            yield Problem(at, "parameter_unknown", f"Received unknown parameter: {at}")
        else:
            yield from problems(names[name][0], inner, at)
    for name, (_, required) in names.items():
        if required and name not in value:
            at = f"{path}[{name}]" if path else name
            yield Problem(at, "parameter_missing", f"Missing required param: {at}.")


def _fits(shape: Shape, value: Any) -> bool:
    if shape.kind == "any":
        return True
    if shape.kind == "enum":
        return str(value) in shape.values
    if isinstance(value, dict | list):
        return False
    if shape.kind == "int":
        return not isinstance(value, bool | float) and bool(WHOLE_NUMBER.fullmatch(str(value)))
    if shape.kind == "bool":
        return isinstance(value, bool) or value in ("true", "false")
    return value != "" and not isinstance(value, bool)


def _wrong_value(shape: Shape, value: Any, path: str) -> Problem:
    if value == "":
        return Problem(path, "parameter_invalid_empty", (
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a field; however "
            f"'{path}' cannot be unset. You should remove '{path}' from your request or supply a non-empty value."
        ))  # fmt: skip
    if shape.kind == "int":
        return Problem(path, "parameter_invalid_integer", f"Invalid integer: {value}")
    if shape.kind == "bool":
        return Problem(path, "parameter_invalid", f"Invalid boolean: {value}")
    if shape.kind == "enum":
        listed = ", ".join(sorted(shape.values - {""}))
        return Problem(path, "parameter_invalid", f"Invalid {path}: must be one of {listed}")
    return Problem(path, "parameter_invalid", f"Invalid string: {value}")


def typed(shape: Shape, value: Any) -> Any:
    """The value with form text turned into what its type says. Call it on what has no problems."""
    if shape.kind == "union":
        part = next((part for part in shape.inner if not list(problems(part, value))), TEXT)
        return typed(part, value)
    if shape.kind == "object":
        return {name: typed(shape.names[name][0], inner) for name, inner in value.items()}
    if shape.kind == "list":
        return [typed(shape.inner[0], inner) for inner in value]
    if shape.kind == "int":
        return int(value)
    if shape.kind == "bool":
        return value in (True, "true")
    return value
