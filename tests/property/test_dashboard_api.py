"""The JSON API keeps to its own description, whatever is asked of it."""

from contextlib import suppress
from typing import Any

import pytest
from dashboard_cases import FewViews
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable

from syncd.adapters.web.access import ThisMachine
from syncd.adapters.web.dashboard import dashboard

HOST = {"Host": "127.0.0.1"}


@pytest.mark.slow
def test_the_api_keeps_to_its_description() -> None:
    import schemathesis  # takes seconds: not whenever tests are collected
    from schemathesis import checks
    from schemathesis.core.result import Ok
    from schemathesis.specs.openapi import checks as of_openapi

    app = dashboard(FewViews(), ThisMachine())
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=HOST)
    held = [
        checks.not_a_server_error,
        of_openapi.status_code_conformance,
        of_openapi.content_type_conformance,
        of_openapi.response_schema_conformance,
        of_openapi.negative_data_rejection,
        of_openapi.positive_data_acceptance,
        of_openapi.unsupported_method,
    ]
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    asked = 0
    for operation in schema.get_all_operations():
        assert isinstance(operation, Ok)
        for mode in modes:

            @given(case=operation.ok().as_strategy(generation_mode=mode))
            @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
            def keeps_to_it(case: "schemathesis.Case[Any]") -> None:
                nonlocal asked
                asked += 1
                case.call_and_validate(headers=HOST, checks=held)

            with suppress(Unsatisfiable):  # what takes no parameters cannot be asked wrongly
                keeps_to_it()
    assert asked > 200
