"""Named places where a test makes the program die, wait or fail, to prove that nothing is lost.

`SHOP_FAULTS="settle.before_commit:kill,stripe.after:sleep=2,mail.after_accept:raise,reserve.done:wait=/tmp/go"`. Without
it a fault point costs one dictionary look-up. Production refuses to start with it (check shop.E001).
"""

import os
import signal
import time
from pathlib import Path


def _parse(text: str) -> dict[str, str]:
    return dict(part.split(":", 1) for part in text.split(",") if ":" in part)


FAULTS = _parse(os.environ.get("SHOP_FAULTS", ""))


class Fault(Exception):
    """Raised on purpose at a fault point."""


def faultpoint(name: str) -> None:
    action = FAULTS.get(name)
    if not action:
        return
    verb, _, argument = action.partition("=")
    if verb == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif verb == "sleep":
        time.sleep(float(argument))
    elif verb == "wait":
        deadline = time.monotonic() + 60
        while not Path(argument).exists() and time.monotonic() < deadline:
            time.sleep(0.01)
    elif verb == "raise":
        raise Fault(name)
