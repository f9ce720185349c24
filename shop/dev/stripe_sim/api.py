"""One API request from bytes to answer: key, route, parameters, idempotency, trouble on demand, the endpoint, its answer."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from shop.dev.stripe_sim import auth, idempotency, routes
from shop.dev.stripe_sim.errors import ApiError, invalid
from shop.dev.stripe_sim.expand import expand
from shop.dev.stripe_sim.faults import Fault, Faults, Hangup
from shop.dev.stripe_sim.ids import new_id
from shop.dev.stripe_sim.params import decode_form
from shop.dev.stripe_sim.recorder import Recorder, redacted
from shop.dev.stripe_sim.shapes import problems, typed
from shop.dev.stripe_sim.sim import API_VERSION, Asked, Sim
from shop.dev.stripe_sim.store import public

GARBAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass
class Request:
    method: str
    path: str
    form: str  # query string or body, as sent
    headers: dict[str, str]  # names in lower case
    id: str = field(default_factory=lambda: new_id("request"))
    browser: bool = False

    @property
    def key(self) -> str | None:
        return self.headers.get("idempotency-key") or None if self.method == "POST" else None


@dataclass
class Answer:
    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


class Api:
    def __init__(self, sim: Sim) -> None:
        self.sim, self.faults, self.recorder = sim, Faults(), Recorder()

    def answer(self, request: Request) -> Answer:
        row = self.recorder.add(
            id=request.id, method=request.method, path=request.path, idempotency_key=request.key,
            version=request.headers.get("stripe-version"),
        )  # fmt: skip
        try:
            answer = self.serve(request, row)
        except ApiError as refused:
            answer = self.refusal(request, refused)
        row["status"] = answer.status
        answer.headers |= {"Request-Id": request.id, "Stripe-Version": API_VERSION}
        if request.key:
            answer.headers["Idempotency-Key"] = request.key
        return answer

    def serve(self, request: Request, row: dict) -> Answer:
        params = decode_form(request.form)
        row["params"] = redacted(params)
        request.browser = auth.check(self.sim, request.headers, params)
        row["key"] = "publishable" if request.browser else "secret"
        found = routes.find(request.method, request.path)
        if not found:
            raise unknown_url(request)
        route, ids = found
        if request.browser:
            auth.check_browser(self.sim, route.browser, ids, params)
        shape = route.shape(browser=request.browser)
        for problem in problems(shape, params):
            raise invalid(problem.message, param=problem.path, code=problem.code)
        params = typed(shape, params)
        if not request.key:
            return self.perform(request, route, ids, params, row)
        stored = idempotency.begin(
            self.sim,
            request.key,
            method=request.method,
            path=request.path,
            params=params,
            request_id=request.id,
        )
        if stored:
            row["replayed"] = True
            return Answer(
                stored.status,
                stored.body,
                {"Idempotent-Replayed": "true", "Original-Request": stored.request_id},
            )
        try:
            return self.perform(request, route, ids, params, row)
        except Hangup:
            raise
        except Exception:  # a fault of the simulator's own: nothing was done, so nothing is kept
            idempotency.drop(self.sim, request.key)
            raise

    def perform(self, request: Request, route: routes.Route, ids: tuple, params: dict, row: dict) -> Answer:
        fault = self.faults.take(request.method, request.path)
        row["fault"] = fault.mode if fault else None
        if fault and fault.mode == "delay":
            time.sleep(fault.seconds)
        elif fault and fault.when == "before":
            return self.fail(request, fault)
        answer = self.execute(request, route, ids, params)
        return self.fail(request, fault) if fault and fault.mode != "delay" else answer

    def execute(self, request: Request, route: routes.Route, ids: tuple, params: dict) -> Answer:
        """The endpoint in its transaction, in which the result for the key is kept as well: both are there or neither."""
        sim = self.sim
        try:
            with sim.store.transaction():
                sim.asked = Asked(request.id, request.key, request.browser)
                try:
                    found = route.endpoint(sim, params, *ids)
                    shown = self.present(request, expand(sim, found, params.get("expand", [])))
                    answer = Answer(200, dumped(shown))
                except ApiError as refused:
                    if not refused.keep:
                        raise
                    answer = self.refusal(request, refused)  # committed: a decline leaves its traces
                self.conclude(request, answer)
                return answer
        except ApiError as refused:
            answer = self.refusal(request, refused)
            self.conclude(request, answer if refused.stored else None)
            return answer

    def fail(self, request: Request, fault: Fault) -> Answer:
        """The trouble that was asked for, whatever the request came to."""
        failure = self.refusal(request, fault.error()) if fault.mode == "error" else None
        if failure and fault.stored:
            self.conclude(request, failure)  # in the place of what the request came to
        elif fault.when == "before":
            self.conclude(request, None)
        if fault.mode == "garbage":
            return Answer(200, GARBAGE, {"Content-Type": "text/html"})
        if not failure:
            raise Hangup(fault.seconds if fault.mode == "timeout" else 0)
        return failure

    def conclude(self, request: Request, answer: Answer | None) -> None:
        """Keep the answer as the result of the key; without one let go of the key."""
        if request.key and answer:
            idempotency.keep(self.sim, request.key, status=answer.status, body=answer.body)
        elif request.key:
            idempotency.drop(self.sim, request.key)

    def refusal(self, request: Request, refused: ApiError) -> Answer:
        body = refused.body(log_url=f"{self.sim.url}/_sim/requests?id={request.id}")
        body["error"] = self.present(request, body["error"])
        return Answer(refused.status, dumped(body))

    def present(self, request: Request, value: Any) -> Any:
        shown = public(value)
        return auth.for_browser(shown) if request.browser else shown


def dumped(value: Any) -> str:
    return json.dumps(value, indent=2)


def unknown_url(request: Request) -> ApiError:
    return ApiError(
        f"Unrecognized request URL ({request.method}: {request.path}). If you are trying to list objects, remove the trailing "
        "slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code.",
        status=404,
        stored=False,
    )
