"""Errors as Stripe words them: `{"error": {"type", "code", "message", "param", …}}` and the HTTP status that goes with them.

An error that is raised while an endpoint works undoes what it did, save `keep=True` (a declined card leaves a failed charge
behind). An error that is raised before it began to work (unknown parameter, bad key) is not kept for its idempotency key:
`stored=False`, as https://docs.stripe.com/api/idempotent_requests says.
"""


class ApiError(Exception):
    """An answer other than 200. `details` go into the error object: code, param, decline_code, payment_intent, charge…"""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        keep: bool = False,
        stored: bool = True,
        **details: object,
    ) -> None:
        super().__init__(message)
        self.message, self.status, self.kind = message, status, kind
        self.keep, self.stored, self.details = keep, stored, details

    def body(self, *, log_url: str | None = None) -> dict:
        code = self.details.get("code")
        doc = (
            {"doc_url": f"https://stripe.com/docs/error-codes/{str(code).replace('_', '-')}"} if code else {}
        )
        log = {"request_log_url": log_url} if log_url else {}
        given = {name: value for name, value in self.details.items() if value is not None}
        return {"error": {**given, **doc, "message": self.message, **log, "type": self.kind}}


def missing(kind: str, object_id: str, *, param: str = "id") -> ApiError:
    return ApiError(f"No such {kind}: '{object_id}'", status=404, code="resource_missing", param=param)


def missing_reference(kind: str, object_id: str, *, param: str) -> ApiError:
    """A parameter names an object that does not exist: 400, where the object of the path would be 404."""
    return ApiError(f"No such {kind}: '{object_id}'", code="resource_missing", param=param)


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> ApiError:
    """A parameter that is refused before the endpoint does anything."""
    return ApiError(message, stored=False, param=param, code=code)


def unexpected_state(message: str, intent: dict) -> ApiError:
    error = ApiError(message, code=f"{intent['object']}_unexpected_state")
    error.details[intent["object"]] = intent
    return error


def unauthorized(message: str, *, code: str | None = None) -> ApiError:
    return ApiError(message, status=401, stored=False, code=code)


def idempotency_mismatch(key: str, *, first_path: str | None = None, path: str | None = None) -> ApiError:
    if first_path:
        message = (
            "Keys for idempotent requests can only be used for the same endpoint they were first used for "
            f"('{path}' vs '{first_path}'). Try using a key other than '{key}' if you meant to execute a different request."
        )
    else:
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request."
        )
    return ApiError(message, kind="idempotency_error", stored=False)


def idempotency_in_use(key: str) -> ApiError:
    return ApiError(
        "There is currently another in-progress request using this Idempotent Key (that probably means you submitted "
        f"twice, and the other request is still going through): {key}. Please try again later.",
        status=409,
        kind="idempotency_error",
        stored=False,
        code="idempotency_key_in_use",
    )
