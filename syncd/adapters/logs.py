"""Logging: structured events, JSON for machines, readable on a terminal, and redacted.

The last thing before a line is written is the redaction: every loaded secret by value,
and by shape whatever looks like a token, an address or a phone number (P8). It covers
tracebacks and the standard library's loggers too.
"""

import json
import logging
import re
import sys
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from typing import TextIO
from urllib.parse import quote, quote_plus

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_SHAPES = (
    (re.compile(r"[A-Za-z0-9._%+'-]+(?:@|%40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), "<email>"),
    (re.compile(r"xox[a-z]-[A-Za-z0-9-]+"), "<token>"),
    (re.compile(r"pat-[a-z0-9]+-[A-Za-z0-9-]{8,}"), "<token>"),
    (re.compile(r"00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]+"), "<token>"),
    (re.compile(r"(?i)bearer\s+[A-Za-z0-9._~+/!=-]+"), "Bearer <token>"),
    (re.compile(r"hooks\.slack\.com/services/\S+"), "<webhook>"),
    (re.compile(r"\+\d[\d ().-]{7,}\d"), "<phone>"),
)


class Redact:
    """Takes secrets and personal data out of a finished line."""

    def __init__(self, secrets: Sequence[str]) -> None:
        spelt = {word for secret in secrets for word in _spellings(secret) if len(word) > 3}
        self._secrets = sorted(spelt, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "<secret>")
        for shape, instead in _SHAPES:
            text = shape.sub(instead, text)
        return text


def _spellings(secret: str) -> Iterator[str]:
    """A secret as it may come into a line: as it is, escaped by what renders it, as part of
    an address, or coded. A key of several lines is told by each of them."""
    for text in (secret, *(line for line in secret.splitlines() if len(line) > 7)):
        yield from (text, quote(text), quote(text, safe=""), quote_plus(text))
        yield from (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1])
        yield repr(text)[1:-1]
        yield json.dumps(repr(text)[1:-1])[1:-1]
        yield from (code(text.encode()).decode() for code in (b64encode, urlsafe_b64encode))


class _RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    def __init__(self, redact: Redact, processors: Sequence[Processor]) -> None:
        super().__init__(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *processors],
            foreign_pre_chain=[structlog.stdlib.add_log_level, _stamp],
        )
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Fails closed: what cannot be rendered is dropped, or the standard library would
        print it as it came."""
        try:
            return self._redact(super().format(record))
        except Exception as error:  # noqa: BLE001 (the edge: a log line never stops the work)
            dropped = {"event": "log_line_dropped", "logger": record.name, "line": record.lineno}
            return json.dumps({**dropped, "why": type(error).__name__})


def set_up_logs(
    secrets: Sequence[str], *, stream: TextIO = sys.stderr, level: str = "INFO"
) -> None:
    """Route structlog and the standard library's loggers to `stream`, redacted."""
    readable = stream.isatty()
    finish: list[Processor] = (
        # Not rich's tracebacks: they show every local variable, and wrap what must be found.
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if readable
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_RedactingFormatter(Redact(secrets), finish))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("urllib3", "apscheduler", "simple_salesforce", "slack_sdk", "alembic"):
        logging.getLogger(noisy).setLevel("WARNING")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            _stamp,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _stamp(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    return structlog.processors.TimeStamper(fmt="iso", utc=True)(logger, name, event)
