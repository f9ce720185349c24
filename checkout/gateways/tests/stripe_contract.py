"""Every request that the shop sends, held against Stripe's own description of its API.

The pinned library carries it: its services say which TypedDict of `stripe.params` goes with which method and path, and the
TypedDicts (generated from Stripe's OpenAPI document) say which parameters there are, which are required, and of which type and
enumeration they are, at every depth. `check_recording` takes the file that SHOP_STRIPE_RECORD wrote.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard
from urllib.parse import urlencode

import stripe

from shop.dev.stripe_sim.params import decode_form
from shop.dev.stripe_sim.shapes import Problem, problems, shape_of

LIBRARY = Path(stripe.__file__).parent
Params = str | Iterable[tuple[str, str]] | Mapping[str, Any]


class Operation(NamedTuple):
    """One method of one of the library's services."""

    method: str
    path: str  # with its placeholders: /v1/refunds/{refund}
    module: str  # where the TypedDict of its parameters is; empty where it takes none
    params: str


def check_request(method: str, path: str, params: Params) -> None:
    """Fails, and says where, if Stripe would not understand the request. Parameters as a form, as pairs, or as a dict."""
    found = list(request_problems(method, path, params))
    listed = "\n".join(f"  {problem.path or '(the request)'}: {problem.message}" for problem in found)
    assert not found, f"{method} {path}\n{listed}"


def check_recording(file: Path | str) -> int:
    """Check each line of a recording; how many there were, so that a test can tell that something was recorded."""
    lines = [json.loads(line) for line in Path(file).read_text().splitlines()]
    for line in lines:
        check_request(line["method"], line["path"], line["params"])
    return len(lines)


def request_problems(method: str, path: str, params: Params) -> Iterator[Problem]:
    operation = operation_for(method, path)
    sent = _tree(params)
    if not operation:
        yield Problem("", "unknown_operation", "the library knows no such method and path")
    elif operation.params:
        yield from problems(shape_of(operation.module, operation.params), sent)
    else:
        yield from (Problem(name, "parameter_unknown", "takes no parameters") for name in sent)


def _tree(params: Params) -> dict[str, Any]:
    if isinstance(params, Mapping):
        return dict(params)
    form = params if isinstance(params, str) else urlencode([(name, value) for name, value in params])
    return decode_form(form)


def operation_for(method: str, path: str) -> Operation | None:
    """The operation that a request is; literal paths (…/search) before those with an id in their place."""
    fitting = [
        one
        for one in operations()
        if one.method == method.upper() and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one.path), path)
    ]
    return min(fitting, key=lambda one: one.path.count("{"), default=None)


@lru_cache(maxsize=1)
def operations() -> list[Operation]:
    """All of API v1, read from the library's service files."""
    files = sorted(LIBRARY.rglob("_*_service.py"))
    return [
        operation for file in files if '"/v1/' in (text := file.read_text()) for operation in _in_file(text)
    ]


def _in_file(text: str) -> Iterator[Operation]:
    tree = ast.parse(text)
    modules = {
        alias.asname or alias.name: node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        call = next((node for node in ast.walk(function) if _sends(node)), None)
        if call:
            name = _params_of(function)
            method, path = _text(call.args[0]), _text(call.args[1])
            yield Operation(method.upper(), path, modules.get(name, ""), name)


def _sends(node: ast.AST) -> TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_request"
    )


def _params_of(function: ast.FunctionDef) -> str:
    """The name in `params: Optional["RefundCreateParams"]`."""
    for argument in function.args.posonlyargs + function.args.args:
        if argument.arg == "params" and argument.annotation:
            match = re.search(r"\w*Params\b", ast.unparse(argument.annotation))
            return match[0] if match else ""
    return ""


def _text(node: ast.expr) -> str:
    """A literal, or the literal that `.format(…)` is called on."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
