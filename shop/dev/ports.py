"""Loopback ports: which are free, and which number a service had last time."""

import json
import socket
from pathlib import Path

from shop.dev.files import write_private

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether we could listen on the port right now."""
    with socket.socket() as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as servers do: a closed connection's echo is no owner
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            return False
    return True


def answers(port: int) -> bool:
    """Whether somebody accepts connections on the port."""
    try:
        socket.create_connection((HOST, port), timeout=0.5).close()
    except OSError:
        return False
    return True


def any_free() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def remembered(path: Path, *, name: str) -> int:
    """The port that `name` had last time if it is free, else a fresh one; written down either way."""
    try:
        ports = json.loads(path.read_text())
    except (OSError, ValueError):
        ports = {}
    taken = {port for other, port in ports.items() if other != name}
    port = ports.get(name)
    while not isinstance(port, int) or port in taken or not is_free(port):
        port = any_free()
    write_private(path, json.dumps({**ports, name: port}, indent=1))
    return port
