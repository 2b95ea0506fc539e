"""What HubSpot's answers come to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from syncd.adapters.hubspot.complaint import (
    NotThere,
    RequestConflict,
    RequestRefused,
    ScopeMissing,
    complaint_of,
)
from syncd.adapters.hubspot.translate import error_for, outcome_for
from syncd.adapters.transport.answer import Answer
from syncd.domain.action import Failed, Refused, Vanished
from syncd.errors import (
    AuthError,
    LimitError,
    PermanentError,
    SyncdError,
    TransientError,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def error(status: int, body: Any = None, **headers: str) -> SyncdError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    raw = body.encode() if isinstance(body, str) else orjson.dumps(body or {})
    return error_for(
        Answer(status=status, headers=named, body=raw), what="HubSpot POST /x", now=NOW
    )


def invalid(code: str, name: str = "need") -> dict[str, Any]:
    return {
        "status": "error",
        "message": f"Property values were not valid: secret {name}",
        "category": "VALIDATION_ERROR",
        "errors": [{"message": "secret value", "code": code, "context": {"propertyName": [name]}}],
    }


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestRefused),
        (401, AuthError),
        (403, ScopeMissing),
        (404, NotThere),
        (405, PermanentError),
        (409, RequestConflict),
        (413, PermanentError),
        (414, PermanentError),
        (415, PermanentError),
        (418, PermanentError),
        (302, PermanentError),
        (408, TransientError),
        (423, TransientError),
        (429, TransientError),
        (477, LimitError),
        (500, TransientError),
        (502, TransientError),
        (521, TransientError),
        (524, TransientError),
        (530, TransientError),
        (599, TransientError),
    ],
)
def test_each_status_has_its_error(status: int, kind: type[SyncdError]) -> None:
    assert type(error(status)) is kind


def test_a_refused_token_says_where_a_valid_one_goes() -> None:
    assert "HubSpot refuses the token: put a valid one into SYNCD_HUBSPOT_TOKEN" in str(error(401))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 500, 502])
def test_an_html_page_or_any_other_body_is_no_obstacle(status: int) -> None:
    for body in ("<html>no</html>", "[]", '"text"', "null", '{"errors": "odd", "context": 7}'):
        assert isinstance(error(status, body), SyncdError)


@pytest.mark.parametrize(
    ("body", "headers", "wish"),
    [
        ({"policyName": "TEN_SECONDLY_ROLLING"}, {}, 10),
        ({"message": "You have reached your ten_secondly_rolling limit."}, {}, 10),
        ({"errorType": "SECONDLY"}, {}, 1),
        ({"message": "You have reached your secondly limit.", "category": "RATE_LIMITS"}, {}, 1),
        ({"policyName": "SECONDLY"}, {"Retry_After": "4"}, 4),
        ({}, {}, 10),
        ({}, {"Retry_After": "5"}, 5),
    ],
)
def test_a_429_says_how_long_to_wait(body: Any, headers: dict[str, str], wish: int) -> None:
    found = error(429, body, **headers)

    assert not isinstance(found, LimitError)
    assert isinstance(found, TransientError)
    assert found.retry_after == timedelta(seconds=wish)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({"policyName": "DAILY"}, {}),
        ({"message": "You have reached your daily limit.", "category": "RATE_LIMITS"}, {}),
        ({}, {"X_HubSpot_RateLimit_Daily_Remaining": "0"}),
    ],
)
def test_a_429_for_the_day_stops_everything(body: Any, headers: dict[str, str]) -> None:
    assert isinstance(error(429, body, **headers), LimitError)


def test_a_migration_is_waited_out_for_as_long_as_it_takes() -> None:
    found = error(477, Retry_After="7200")

    assert isinstance(found, LimitError)
    assert found.retry_after == timedelta(hours=2)


def test_a_lock_is_left_alone_for_two_seconds_even_if_told_less() -> None:
    found = error(423, Retry_After="1")

    assert isinstance(found, TransientError)
    assert found.retry_after == timedelta(seconds=2)


def test_a_refusal_names_codes_and_properties_but_no_values() -> None:
    found = str(error(400, invalid("INVALID_OPTION")))

    assert "VALIDATION_ERROR INVALID_OPTION (need)" in found
    assert "secret" not in found


@pytest.mark.parametrize(
    "body",
    [
        {"context": {"requiredGranularScopes": ["crm.lists.read"]}},
        {"errors": [{"context": {"requiredGranularScopes": ["crm.lists.read"]}}]},
    ],
)
def test_a_missing_scope_is_named_in_either_shape(body: Any) -> None:
    assert "crm.lists.read" in str(error(403, body))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"category": "OBJECT_NOT_FOUND"}, Vanished),
        ({"category": "VALIDATION_ERROR"}, Refused),
        ({"category": "CONFLICT"}, Refused),
        ({"category": "RATE_LIMITS"}, Failed),
        ({"category": "INTERNAL_ERROR"}, Failed),
        ({}, Refused),
    ],
)
def test_each_records_error_has_its_outcome(body: Any, kind: type[object]) -> None:
    assert type(outcome_for(complaint_of(body))) is kind


def test_a_complaint_gathers_ids_and_traces_wherever_they_stand() -> None:
    body = {
        "context": {"ids": ["1", "2"]},
        "errors": [{"context": {"objectWriteTraceId": ["a"], "id": "3"}}],
    }

    found = complaint_of(body)

    assert sorted(found.ids) == ["1", "2", "3"]
    assert sorted(found.traces) == ["a"]
