"""What may never be read in a log, whichever way it came there (P8)."""

import base64
import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import fields
from urllib.parse import quote

import pytest
import structlog

from syncd.adapters.logs import Redact, set_up_logs
from syncd.settings.secrets import Secrets

PEM = (
    "-----BEGIN PRIVATE"
    " KEY-----\n"
    "MIIEvQCanaryLineOneOfThePrivateKeyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
    "CanaryLineTwoOfThePrivateKeyBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB\n"
    "-----END PRIVATE"
    " KEY-----"
)
SECRETS = Secrets(
    salesforce_client_id="3MVG9canary.client.id",
    salesforce_client_secret='canary/client "secret"+&=',
    salesforce_username="integration@canary.example",
    salesforce_private_key=PEM,
    hubspot_token="opaque-canary-hubspot-token",
    slack_token="opaque-canary-slack-token",
    slack_app_token="opaque-canary-app-token",
    slack_webhook="https://hooks.example.org/services/T0/B0/canary",
    store_password="opaque-canary-store-password",
    dashboard_viewer_hash="$argon2id$v=19$m=65536,t=3,p=4$canaryviewer$hash",
    dashboard_operator_hash="$argon2id$v=19$m=65536,t=3,p=4$canaryoperator$hash",
)
PEOPLE = ("ada.lovelace@canary.example", "+44 20 7946 0958", "ada%40canary.example")
TOKENS = (
    "xoxb-1234-canary",
    "pat-na1-0000-canary",
    "00D000000000001AAA!canary.session",
    "Bearer canary.bearer",
)
CANARIES = (*SECRETS.values(), *PEOPLE, *TOKENS)

Say = Callable[[str], None]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def restored() -> Iterator[None]:
    """Logging is the one thing a process has once: put back what was there."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture(params=[io.StringIO, Terminal], ids=["as JSON", "on a terminal"])
def written(request: pytest.FixtureRequest, restored: None) -> io.StringIO:
    stream: io.StringIO = request.param()
    set_up_logs(SECRETS.values(), stream=stream, level="DEBUG")
    return stream


def _in_a_structlog_event(text: str) -> None:
    structlog.get_logger().info(text)


def _in_a_structlog_value(text: str) -> None:
    structlog.get_logger().bind(bound=text).info("event", value=text, deep={"list": [text]})


def _in_a_structlog_traceback(text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError:
        structlog.get_logger().exception("event")


def _in_a_chained_traceback(text: str) -> None:
    try:
        try:
            raise KeyError(text)
        except KeyError as error:
            raise RuntimeError("outer") from error
    except RuntimeError:
        structlog.get_logger().exception("event")


def _in_a_stdlib_message(text: str) -> None:
    logging.getLogger("some.library").warning(text)


def _in_stdlib_arguments(text: str) -> None:
    logging.getLogger("some.library").warning("%s and %r", text, text)


def _in_stdlib_extras(text: str) -> None:
    logging.getLogger("some.library").warning("message", extra={"payload": text})


def _in_a_stdlib_traceback(text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError:
        logging.getLogger("some.library").exception("message")


WAYS: tuple[Say, ...] = (
    _in_a_structlog_event,
    _in_a_structlog_value,
    _in_a_structlog_traceback,
    _in_a_chained_traceback,
    _in_a_stdlib_message,
    _in_stdlib_arguments,
    _in_stdlib_extras,
    _in_a_stdlib_traceback,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_no_secret_and_no_personal_datum_is_written(way: Say, written: io.StringIO) -> None:
    for canary in CANARIES:
        way(f"before {canary} after")

    log = written.getvalue()
    assert len(log.splitlines()) >= len(CANARIES)
    assert [word for word in ("canary", "Canary", "7946 0958", "integration@") if word in log] == []


@pytest.mark.parametrize("secret", SECRETS.values(), ids=[f.name for f in fields(Secrets)])
@pytest.mark.parametrize(
    "spelt",
    [str, quote, lambda s: quote(s, safe=""), json.dumps, lambda s: repr(s)[1:-1]],
    ids=["plain", "in a URL", "wholly quoted", "as JSON", "as Python"],
)
def test_a_secret_is_told_however_it_is_spelt(spelt: Callable[[str], str], secret: str) -> None:
    shown = Redact(SECRETS.values())(f"x={spelt(secret)};")

    assert "canary" not in shown.lower()


@pytest.mark.parametrize("secret", SECRETS.values(), ids=[f.name for f in fields(Secrets)])
def test_a_secret_is_told_in_base64(secret: str) -> None:
    coded = base64.b64encode(secret.encode()).decode()

    assert coded not in Redact(SECRETS.values())(f"Authorization: Basic {coded}")


def test_a_line_stays_a_line_of_json_with_its_event_and_time(restored: None) -> None:
    stream = io.StringIO()
    set_up_logs(SECRETS.values(), stream=stream)

    structlog.get_logger().info("action_settled", kind="update", attempts=2)
    logging.getLogger("some.library").warning("a message of %s", "theirs")

    ours, theirs = map(json.loads, stream.getvalue().splitlines())
    assert (ours["event"], ours["kind"], ours["attempts"]) == ("action_settled", "update", 2)
    assert (ours["level"], theirs["level"]) == ("info", "warning")
    assert theirs["event"] == "a message of theirs"
    assert ours["timestamp"].endswith("Z")


@pytest.mark.parametrize("canary", CANARIES)
def test_what_is_redacted_leaves_the_line_readable(canary: str, restored: None) -> None:
    stream = io.StringIO()
    set_up_logs(SECRETS.values(), stream=stream)

    structlog.get_logger().info("event", seen=f"before {canary} after")

    seen = json.loads(stream.getvalue())["seen"]
    assert seen.startswith(("before <", "before Bearer <"))


def test_ids_times_and_counts_are_left_alone() -> None:
    line = "lead 00Q5g00000AbCdE at 2026-03-02T12:00:00.000Z, 12345678901 of 104500, -3.5e+10"

    assert Redact(SECRETS.values())(line) == line


def test_a_line_that_cannot_be_rendered_is_dropped_not_printed_raw(
    restored: None, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = io.StringIO()
    set_up_logs(SECRETS.values(), stream=stream)

    logging.getLogger("some.library").warning("%d leads", "ada.lovelace@canary.example")

    line = json.loads(stream.getvalue())
    assert (line["event"], line["logger"]) == ("log_line_dropped", "some.library")
    assert "canary" not in stream.getvalue() + capsys.readouterr().err


def test_libraries_that_talk_much_are_heard_only_when_they_warn(restored: None) -> None:
    stream = io.StringIO()
    set_up_logs((), stream=stream, level="DEBUG")

    logging.getLogger("urllib3.connectionpool").debug("every request")
    logging.getLogger("urllib3.connectionpool").warning("a retry")

    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["a retry"]
