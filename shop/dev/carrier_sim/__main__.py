"""`python -m shop.dev.carrier_sim --port N [--state FILE.sqlite]`: runs until it is told to stop."""

import argparse
import logging
import os
import signal
import sys
import threading

from . import pushing
from .server import Server
from .store import Store


def main() -> None:
    options = _options()
    logging.basicConfig(level=logging.WARNING, format="carrier_sim: %(message)s")
    store = Store(options.state or ":memory:")
    try:
        server = Server(options.port, store)
    except OSError as problem:
        sys.exit(f"carrier_sim: port {options.port} cannot be used: {problem.strerror}.")
    for carrier, secret in (("ups", options.ups_credential), ("fedex", options.fedex_token)):
        if options.webhook_url:
            url = f"{options.webhook_url.rstrip('/')}/{carrier}/"
            pushing.configure(store, carrier=carrier, url=url, secret=secret)
    if options.auto_seconds:
        _aside(server.move_parcels, seconds=options.auto_seconds)
    if options.until_stdin_ends:
        _aside(_wait_for_end_of_stdin, server=server)
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: _aside(_end, server=server))
    print(f"carrier_sim {server.url}", flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="carrier_sim", description="UPS and FedEx, simulated, on 127.0.0.1."
    )
    parser.add_argument(
        "--port", type=int, required=True, help="0 takes any free port; the first line printed tells it"
    )
    parser.add_argument(
        "--state", help="a SQLite file that keeps parcels over a restart; without it nothing is kept"
    )
    parser.add_argument(
        "--auto-seconds", type=float, default=0, help="parcels move by themselves, a stage each S seconds"
    )
    parser.add_argument(
        "--webhook-url", help="the shop's address for pushes, e.g. http://127.0.0.1:8000/hooks"
    )
    parser.add_argument(
        "--ups-credential", default="sim-ups-credential", help="sent in the header `credential`"
    )
    parser.add_argument("--fedex-token", default="sim-fedex-token", help="signs the header `fdx-signature`")
    parser.add_argument(
        "--until-stdin-ends", action="store_true", help="stop when whoever started this is gone"
    )
    return parser.parse_args()


def _aside(work, **arguments) -> None:
    threading.Thread(target=work, kwargs=arguments, daemon=True).start()


def _wait_for_end_of_stdin(*, server: Server) -> None:
    while os.read(0, 4096):
        pass
    _end(server=server)


def _end(*, server: Server) -> None:
    server.ending.set()
    server.shutdown()


if __name__ == "__main__":
    main()
