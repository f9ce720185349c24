"""`python -m shop.dev.vies_sim --port N`: runs until it is told to stop."""

import argparse
import signal
import sys
import threading

from .server import Server


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="vies_sim", description="The EU's register of VAT ids, on 127.0.0.1."
    )
    parser.add_argument(
        "--port", type=int, required=True, help="0 takes any free port; the first line tells it"
    )
    port = parser.parse_args().port
    try:
        server = Server(port)
    except OSError as problem:
        sys.exit(f"vies_sim: port {port} cannot be used: {problem.strerror}.")
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: threading.Thread(target=_end, args=[server]).start())
    print(f"vies_sim {server.url}", flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()


def _end(server: Server) -> None:
    server.ending.set()
    server.shutdown()


if __name__ == "__main__":
    main()
