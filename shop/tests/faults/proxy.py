"""A TCP proxy on loopback that can be cut: what a server sees when the one behind it is gone."""

import socket
import threading
from contextlib import closing, suppress

from shop.dev import ports


class Proxy:
    """Passes bytes to `target` (host, port) until `cut()`; `mend()` lets new connections through again."""

    def __init__(self, target: tuple[str, int]):
        self.target = target
        self.is_cut = False
        self._open: list[socket.socket] = []
        self._listener = socket.create_server((ports.HOST, 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *error) -> None:
        self.cut()
        self._listener.close()

    def cut(self) -> None:
        """All connections end at once, and new ones do as soon as they are made."""
        self.is_cut = True
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def mend(self) -> None:
        self.is_cut = False

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._listener.accept()
                if self.is_cut:
                    near.close()
                    continue
                far = socket.create_connection(self.target)
                self._open += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=_pump, args=[source, sink], daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError), closing(sink):
        while data := source.recv(65536):
            sink.sendall(data)
