"""`python -m shop.dev.stripe_sim --port 12111`: see README.md beside this file."""

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Callable

from shop.dev.stripe_sim.server import HOST, Server

SECRET_KEY, PUBLISHABLE_KEY = "sk_test_simulated", "pk_test_simulated"


def parsed(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m shop.dev.stripe_sim", description="A small Stripe on 127.0.0.1."
    )
    parser.add_argument("--port", type=int, default=0, help="where to listen; 0 takes any free port")
    parser.add_argument(
        "--state", metavar="FILE", help="SQLite file that outlives the process (default: memory)"
    )
    parser.add_argument("--webhook-url", help="where to post events")
    parser.add_argument("--webhook-secret", help="what signs them (whsec_…)")
    parser.add_argument("--secret-key", default=SECRET_KEY)
    parser.add_argument("--publishable-key", default=PUBLISHABLE_KEY)
    parser.add_argument(
        "--until-eof", action="store_true", help="end when standard input ends (for a parent process)"
    )
    parser.add_argument("--verbose", action="store_true", help="print every request")
    chosen = parser.parse_args(arguments)
    if not chosen.secret_key.startswith("sk_test_") or not chosen.publishable_key.startswith("pk_test_"):
        parser.error("the keys must be test keys: sk_test_… and pk_test_…")
    if bool(chosen.webhook_url) != bool(chosen.webhook_secret):
        parser.error("--webhook-url and --webhook-secret belong together")
    return chosen


def after_eof(then: Callable[[], None]) -> None:
    sys.stdin.read()
    then()


def main() -> None:
    chosen = parsed()
    level = logging.DEBUG if chosen.verbose else logging.INFO
    logging.basicConfig(level=level, format="%(message)s", stream=sys.stderr)
    try:
        server = Server(
            chosen.port, state=chosen.state, secret_key=chosen.secret_key, publishable_key=chosen.publishable_key,
            webhook_url=chosen.webhook_url, webhook_secret=chosen.webhook_secret,
        )  # fmt: skip
    except OSError as taken:
        sys.exit(f"stripe_sim cannot listen on {HOST}:{chosen.port}: {taken.strerror}")

    def stop(*_: object) -> None:
        threading.Thread(
            target=server.shutdown
        ).start()  # shutdown waits for the loop that this handler interrupts

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if chosen.until_eof:
        threading.Thread(target=after_eof, args=(server.shutdown,), daemon=True).start()
    print(f"stripe_sim listens on {server.sim.url}", flush=True)
    server.run()


if __name__ == "__main__":
    main()
