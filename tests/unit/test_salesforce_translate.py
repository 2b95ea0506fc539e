"""What Salesforce's codes mean, and that no record's value leaves in a reason."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from syncd.adapters.salesforce.translate import (
    GONE,
    LATER,
    REFUSED,
    NoSuchObject,
    error_of,
    outcome_of,
)
from syncd.adapters.transport.answer import Answer
from syncd.domain.action import Failed, Refused, Vanished, Written
from syncd.errors import AuthError, LimitError, PermanentError, TransientError

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def item(code: str, message: str = "words", fields: list[str] | None = None) -> dict[str, Any]:
    """A failed element of a collections answer."""
    error = {"statusCode": code, "message": message, "fields": fields or []}
    return {"success": False, "errors": [error]}


def answer(code: str, message: str = "words", *, status: int = 400) -> Answer:
    body = orjson.dumps([{"errorCode": code, "message": message}])
    return Answer(status=status, headers={"Retry-After": "9"}, body=body)


def test_a_taken_write_is_written() -> None:
    assert outcome_of({"id": "00Q", "success": True, "errors": []}) == Written()


@pytest.mark.parametrize("code", sorted(REFUSED))
def test_what_will_never_be_taken_is_refused(code: str) -> None:
    assert isinstance(outcome_of(item(code, fields=["Status"])), Refused)


@pytest.mark.parametrize("code", sorted(GONE))
def test_a_record_that_is_gone_has_vanished(code: str) -> None:
    assert outcome_of(item(code)) == Vanished(GONE[code])


@pytest.mark.parametrize("code", [*sorted(LATER), "SOMETHING_NEW"])
def test_what_may_pass_has_only_failed(code: str) -> None:
    assert isinstance(outcome_of(item(code)), Failed)


def test_an_id_that_leads_nowhere_is_a_vanished_record() -> None:
    assert isinstance(outcome_of(item("INVALID_CROSS_REFERENCE_KEY")), Vanished)


def test_a_failure_without_any_error_has_only_failed() -> None:
    assert isinstance(outcome_of({"success": False, "errors": []}), Failed)


def test_a_validation_rule_speaks_in_the_admins_words() -> None:
    outcome = outcome_of(item("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Budget first.", ["Budget__c"]))

    assert outcome == Refused(reason="FIELD_CUSTOM_VALIDATION_EXCEPTION (Budget__c): Budget first.")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("STRING_TOO_LONG", "Need: data value too large: Grace Hopper (max length=255)"),
        ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "Role: bad value for: Grace Hopper"),
        ("DUPLICATE_VALUE", "duplicates value Grace Hopper on record with id: 00Q"),
        ("JSON_PARSER_ERROR", "Cannot deserialize date from value Grace Hopper"),
    ],
)
def test_a_reason_never_quotes_the_record(code: str, message: str) -> None:
    outcome = outcome_of(item(code, message))

    assert isinstance(outcome, Refused)
    assert "Grace" not in outcome.reason


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (answer("INVALID_SESSION_ID", status=401), AuthError),
        (answer("API_DISABLED_FOR_ORG", status=403), AuthError),
        (answer("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", status=403), LimitError),
        (
            answer("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.", status=403),
            TransientError,
        ),
        (answer("SERVER_UNAVAILABLE", status=503), TransientError),
        (answer("UNABLE_TO_LOCK_ROW", status=400), TransientError),
        (answer("UNABLE_TO_LOCK_ROW", status=500), TransientError),
        (answer("INVALID_QUERY_LOCATOR"), TransientError),
        (answer("INVALID_FIELD"), PermanentError),
        (answer("MALFORMED_QUERY"), PermanentError),
        (answer("INVALID_TYPE"), NoSuchObject),
        (answer("SOMETHING_NEW", status=500), TransientError),
        (answer("SOMETHING_NEW", status=403), AuthError),
        (Answer(status=503, headers={}, body=b"<html>down</html>"), TransientError),
        (Answer(status=401, headers={}, body=b"<faultcode>x</faultcode>"), AuthError),
        (Answer(status=414, headers={}, body=b""), PermanentError),
    ],
)
def test_an_answers_code_decides_before_its_status(told: Answer, kind: type[Exception]) -> None:
    assert type(error_of(told, what="poll", now=NOW)) is kind


def test_an_unknown_codes_message_is_kept_back() -> None:
    told = answer("SOMETHING_NEW", "Grace Hopper is not welcome", status=400)

    error = error_of(told, what="poll", now=NOW)

    assert str(error) == "poll: status 400: SOMETHING_NEW: no words for this"


def test_a_column_that_is_missing_is_named() -> None:
    told = answer("INVALID_FIELD", "No such column 'Need__c' on entity 'Lead'.")

    error = error_of(told, what="poll", now=NOW)

    assert "No such column 'Need__c'" in str(error)


@pytest.mark.parametrize("code", ["INVALID_FIELD", "INVALID_TYPE", "MALFORMED_QUERY"])
def test_a_query_that_is_refused_is_not_quoted_for_it_may_name_people(code: str) -> None:
    quoted = (
        "\nWHERE Email IN ('grace@x.example')\n      ^\nERROR at Row:1:Column:31\nNo such column"
    )

    error = error_of(answer(code, quoted), what="look-up", now=NOW)

    assert "grace" not in str(error)
    assert ("No such column" in str(error)) is (code != "MALFORMED_QUERY")


def test_the_vendors_wish_is_kept() -> None:
    error = error_of(answer("SERVER_UNAVAILABLE", status=503), what="poll", now=NOW)

    assert isinstance(error, TransientError)
    assert error.retry_after == timedelta(seconds=9)
