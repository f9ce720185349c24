"""The simulator as a process that a test (or the demo) starts and stops: `with RunningSim() as sim: …`.

Imports nothing but the standard library, so that a test can use it without paying for anything.
"""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 20.0
SECRET_KEY, PUBLISHABLE_KEY, WEBHOOK_SECRET = "sk_test_simulated", "pk_test_simulated", "whsec_simulated"


class RunningSim:
    """A simulator in a process of its own, on a free port. `url`: SHOP_STRIPE_API_BASE, `js_url`: SHOP_STRIPE_JS_URL."""

    secret_key, publishable_key, webhook_secret = SECRET_KEY, PUBLISHABLE_KEY, WEBHOOK_SECRET

    def __init__(
        self, *, port: int = 0, state: str | Path | None = None, webhook_url: str | None = None
    ) -> None:
        command = [sys.executable, "-m", "shop.dev.stripe_sim", "--port", str(port), "--until-eof"]
        command += ["--state", str(state)] if state else []
        command += ["--webhook-url", webhook_url, "--webhook-secret", WEBHOOK_SECRET] if webhook_url else []
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,  # closes when this process dies, however it dies, and the simulator ends
            stdout=subprocess.PIPE,
        )
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({})
        )  # straight, whatever the environment says
        self.url = self._announced()
        self.js_url = f"{self.url}/v3/"

    def _announced(self) -> str:
        """The address that the process prints once it listens."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if "listens on" not in line:
            self.stop()
            raise RuntimeError("stripe_sim did not start: see its error output")
        return line.split()[-1]

    def control(self, control: str, /, *, verb: str = "POST", **data: Any) -> dict:
        """One of the controls of README.md: `sim.control("faults", mode="error", status=500)`. Raises on a refusal."""
        body = json.dumps(data).encode() if verb == "POST" else None
        request = urllib.request.Request(f"{self.url}/_sim/{control}", data=body, method=verb)
        try:
            with self.opener.open(request, timeout=PATIENCE) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            raise ValueError(f"{control}: {refused.read().decode()}") from refused

    def listen(self, url: str, *, secret: str = WEBHOOK_SECRET, events: list[str] | None = None) -> None:
        """Post webhooks to `url` from now on, and nowhere else."""
        self.control("webhooks/listen", url=url, secret=secret, events=events)

    def post_nowhere(self) -> None:
        self.control("webhooks/listen", verb="DELETE")

    def flush(self, *, timeout: float = 10.0) -> bool:
        """Send all webhooks that wait, now; whether every one of them was taken."""
        return self.control("webhooks/flush", timeout=timeout)["idle"]

    def requests(self, *, method: str = "", path: str = "") -> list[dict]:
        """The API requests that came in, oldest first."""
        return self.control(f"requests?method={method}&path={path}", verb="GET")["data"]

    def reset(self) -> None:
        self.control("reset")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()

    def __enter__(self) -> "RunningSim":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def wait_until(check: Callable[[], Any], *, seconds: float = 5.0) -> Any:
    """The first true value of `check()`; fails when there is none in time."""
    until = time.monotonic() + seconds
    while not (value := check()):
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s")
        time.sleep(0.02)
    return value
