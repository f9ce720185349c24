"""One line a record; values are quoted, so that nothing a visitor types can forge a line (ASVS V16.2.5).

Some addresses are keys (an order's link, a conversation, a password's reset): whoever reads the log must not get in by it.
"""

import logging
import re
from typing import TYPE_CHECKING, Any, cast

import structlog
from structlog.typing import EventDict, WrappedLogger

if TYPE_CHECKING:
    from sentry_sdk.types import Event

KEY_IN_PATH = re.compile(r"""(/(?:o|tickets|reset/key|confirm-email)/)[^/\s"'?]+""")


def without_keys(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Every text of the record, with what opens something left out."""
    return {
        word: KEY_IN_PATH.sub(r"\1[hidden]", value) if isinstance(value, str) else value
        for word, value in event.items()
    }


def scrub(event: "Event", hint: dict[str, Any]) -> "Event":
    """The same for what is reported to Sentry: every text in it, however deep."""
    return cast("Event", _scrubbed(event))


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return KEY_IN_PATH.sub(r"\1[hidden]", value)
    if isinstance(value, dict):
        return {name: _scrubbed(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_scrubbed(inner) for inner in value]
    return value


def formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            without_keys,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
    )
