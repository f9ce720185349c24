"""Stripe's way of sending structure in a form: `a[b]=1&list[0]=x&list[1][c]=y` becomes nested dicts and lists."""

import re
from typing import Any
from urllib.parse import parse_qsl

from shop.dev.stripe_sim.errors import invalid

PART = re.compile(r"\[([^\]]*)\]")


def decode_form(text: str) -> dict[str, Any]:
    """The parameters of a query string or a form body. Values stay text; what they mean is the endpoint's matter."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=10_000):
        head, bracket, rest = name.partition("[")
        parts = [head, *PART.findall(bracket + rest)]
        _put(tree, parts, value, name=name)
    return _lists(tree)


def _put(tree: dict[str, Any], parts: list[str], value: str, *, name: str) -> None:
    for part in parts[:-1]:
        part = part or str(len(tree))
        tree = tree.setdefault(part, {})
        if not isinstance(tree, dict):
            raise invalid(f"Invalid parameter: {name} is given both as a value and as a hash.", param=name)
    last = parts[-1] or str(len(tree))
    if isinstance(tree.get(last), dict):
        raise invalid(f"Invalid parameter: {name} is given both as a value and as a hash.", param=name)
    tree[last] = value


def _lists(tree: Any) -> Any:
    """Dicts whose names are 0, 1, 2… are lists (`metadata` is never one, whatever its names)."""
    if not isinstance(tree, dict):
        return tree
    made = {name: inner if name == "metadata" else _lists(inner) for name, inner in tree.items()}
    if made and all(name.isdigit() for name in made):
        return [made[name] for name in sorted(made, key=int)]
    return made
