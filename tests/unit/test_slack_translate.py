"""What Slack's refusals come to."""

from datetime import UTC, datetime, timedelta

import pytest

from syncd.adapters.slack.translate import error_for
from syncd.adapters.transport.answer import Answer
from syncd.errors import (
    AuthError,
    LimitError,
    LostAnswer,
    PermanentError,
    SyncdError,
    TransientError,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def error(code: str, status: int = 200, **headers: str) -> SyncdError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = Answer(status=status, headers=named, body=b"")
    return error_for(answer, code, what="Slack chat.postMessage", now=NOW)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("channel_not_found", AuthError),
        ("not_in_channel", AuthError),
        ("is_archived", AuthError),
        ("msg_too_long", PermanentError),
        ("invalid_blocks", PermanentError),
        ("never_heard_of", PermanentError),
        ("invalid_auth", AuthError),
        ("token_revoked", AuthError),
        ("token_expired", AuthError),
        ("missing_scope", AuthError),
        ("no_service", AuthError),
        ("ratelimited", TransientError),
        ("internal_error", TransientError),
        ("service_unavailable", TransientError),
        ("message_limit_exceeded", LimitError),
        ("Received a response in a non-JSON format: <html>Bo</html>", LostAnswer),
        ("", LostAnswer),
        ("fatal_error", LostAnswer),
    ],
)
def test_each_code_has_its_error(code: str, kind: type[SyncdError]) -> None:
    assert type(error(code)) is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [(302, PermanentError), (401, AuthError), (404, PermanentError), (500, TransientError)],
)
def test_without_a_code_the_status_decides(status: int, kind: type[SyncdError]) -> None:
    assert type(error("", status)) is kind


@pytest.mark.parametrize("code", ["ratelimited", ""])
def test_a_429_waits_as_long_as_slack_wants(code: str) -> None:
    found = error(code, 429, Retry_After="17")

    assert isinstance(found, TransientError)
    assert found.retry_after == timedelta(seconds=17)


def test_a_bare_429_waits_a_second() -> None:
    found = error("", 429)

    assert isinstance(found, TransientError)
    assert found.retry_after == timedelta(seconds=1)


def test_a_page_that_is_not_slacks_is_not_quoted() -> None:
    assert "Bo" not in str(error("Received a response in a non-JSON format: <html>Bo</html>"))
