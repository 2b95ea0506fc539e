"""What an unusable answer means, and what of it may be shown."""

from datetime import UTC, datetime, timedelta

import pytest

from syncd.adapters.transport.answer import (
    CUT_AT,
    Answer,
    cut,
    error_for_status,
    parse_json,
    retry_after,
    server_date,
)
from syncd.errors import AuthError, PermanentError, TransientError

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
JSON = {"content-type": "application/json;charset=UTF-8"}


def answer(body: bytes = b"", *, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=named, body=body)


def test_json_is_parsed_whatever_the_case_of_the_header() -> None:
    assert parse_json(Answer(status=200, headers=JSON, body=b'{"a": 1}'), what="x") == {"a": 1}


@pytest.mark.parametrize(
    "bad",
    [
        answer(b"<html>maintenance</html>", content_type="text/html"),
        answer(b'{"records": [{"Id": "00', content_type="application/json"),
        answer(b"", content_type="application/json"),
        answer(b"{}"),
    ],
    ids=["html with 200", "cut off", "empty", "no content type"],
)
def test_a_success_without_json_is_transient(bad: Answer) -> None:
    with pytest.raises(TransientError, match=r"^poll: "):
        parse_json(bad, what="poll")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, AuthError),
        (403, AuthError),
        (408, TransientError),
        (425, TransientError),
        (429, TransientError),
        (500, TransientError),
        (503, TransientError),
        (302, PermanentError),
        (400, PermanentError),
        (404, PermanentError),
    ],
)
def test_a_status_says_whether_trying_again_helps(status: int, kind: type[Exception]) -> None:
    assert type(error_for_status(answer(status=status), what="x", now=NOW)) is kind


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("0", timedelta()),
        ("7", timedelta(seconds=7)),
        ("1.5", timedelta(seconds=1.5)),
        ("-3", timedelta()),
        ("1000000000", timedelta(seconds=300)),
        ("1e400", None),
        ("nan", None),
        ("soon", None),
        ("", None),
        ("Mon, 02 Mar 2026 08:00:20 GMT", timedelta(seconds=20)),
        ("Mon, 02 Mar 2026 07:00:00 GMT", timedelta()),
        ("Tue, 02 Mar 2027 07:00:00 GMT", timedelta(seconds=300)),
        ("Mon, 02 Mar 2026 08:00:20", None),
    ],
)
def test_retry_after_is_brought_into_bounds(header: str, span: timedelta | None) -> None:
    assert retry_after(answer(retry_after=header), now=NOW) == span


def test_an_absent_retry_after_is_no_wish() -> None:
    assert retry_after(answer(), now=NOW) is None


def test_a_rate_limit_carries_the_vendors_wish() -> None:
    error = error_for_status(answer(status=429, retry_after="4"), what="x", now=NOW)

    assert isinstance(error, TransientError)
    assert error.retry_after == timedelta(seconds=4)


def test_a_shown_body_is_short_and_holds_no_address_and_no_phone() -> None:
    body = b'{"message":\n "ada@example.com, +49 (30) 1234-567 is\ttaken"}' + b"x" * 9_000

    shown = cut(body)

    assert shown.startswith('{"message": "<email>, <number> is taken"}')
    assert len(shown) == CUT_AT


def test_bytes_that_are_no_text_are_shown_all_the_same() -> None:
    assert cut(b"\xff\xfeoops") == "��oops"


def test_the_servers_clock_is_its_date_header() -> None:
    assert server_date(answer(date="Mon, 02 Mar 2026 08:00:00 GMT")) == NOW


@pytest.mark.parametrize("header", ["", "yesterday", "Mon, 99 Mar 2026 08:00:00 GMT"])
def test_without_a_usable_date_there_is_no_server_time(header: str) -> None:
    with pytest.raises(TransientError, match="Date"):
        server_date(answer(date=header))
