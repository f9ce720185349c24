"""One line a record; values are quoted, so that nothing a visitor types can forge a line (ASVS V16.2.5).

Some addresses are keys (an order's link, a conversation, a password's reset): whoever reads the log must not get in by it.
"""

import logging
import re

import structlog
from structlog.typing import EventDict, WrappedLogger

KEY_IN_PATH = re.compile(r"""(/(?:o|tickets|reset/key|confirm-email)/)[^/\s"'?]+""")


def without_keys(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Every text of the record, with what opens something left out."""
    return {
        word: KEY_IN_PATH.sub(r"\1[hidden]", value) if isinstance(value, str) else value
        for word, value in event.items()
    }


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
