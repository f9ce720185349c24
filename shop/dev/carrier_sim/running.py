"""The simulator as a process of its own, for tests and for the demo's supervisor.

with RunningSim() as sim:
    settings.SHOP_UPS_URL = sim.url
    sim.advance("1Z…", steps=2)
"""

import json
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 30


class RunningSim:
    """Starts on a free port and ends with `stop()`, or with the process that started it, however that ends."""

    def __init__(self, *options: str):
        command = [
            sys.executable,
            "-m",
            "shop.dev.carrier_sim",
            "--port",
            "0",
            "--until-stdin-ends",
            *options,
        ]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.url = self._first_line().split()[-1]

    def __enter__(self) -> "RunningSim":
        return self

    def __exit__(self, kind: type | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def control(self, name: str, *, method: str = "POST", **body) -> dict:
        """One of the controls of `controls.py`: `sim.control("fault", operation="ups.ship", kind="timeout")`."""
        data = None if method == "GET" else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_sim/{name}", data=data, method=method)
        try:
            with self._opener.open(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            raise ValueError(json.load(refused)["error"]) from None

    def advance(self, tracking_number: str, *, steps: int = 1) -> dict:
        return self.control("advance", tracking_number=tracking_number, steps=steps)

    def stage(self, tracking_number: str, stage: str) -> dict:
        return self.control("stage", tracking_number=tracking_number, stage=stage)

    def fail(self, operation: str, kind: str = "error", **plan) -> None:
        """The next call of `operation` fails; plan: after, status, seconds, times."""
        self.control("fault", operation=operation, kind=kind, **plan)

    def parcels(self) -> list[dict]:
        """Newest first."""
        return self.control("parcels", method="GET")["parcels"]

    def requests(self, operation: str) -> list[dict]:
        """What was asked of an operation, oldest first; status 0 where trouble struck before the effect."""
        return self.control(f"requests?operation={operation}", method="GET")["requests"]

    def reset(self) -> None:
        """Forget parcels, tokens, faults, requests and webhooks."""
        self.control("reset")

    def _first_line(self) -> str:
        """Where it listens; a simulator that does not start says why on stderr and is not waited for."""
        alarm = threading.Timer(START_SECONDS, self._process.kill)
        alarm.start()
        try:
            line = self._process.stdout.readline() if self._process.stdout else ""
        finally:
            alarm.cancel()
        if not line.startswith("carrier_sim http"):
            self.stop()
            raise RuntimeError("carrier_sim did not start.")
        return line
