"""One API call on its way through the front: the org, the request and the version it speaks."""

from dataclasses import dataclass
from typing import Any

from syncd.sandbox.salesforce.bulk.jobs import Jobs
from syncd.sandbox.salesforce.cursors import Cursors
from syncd.sandbox.salesforce.errors import Problem, Refused
from syncd.sandbox.salesforce.org import Org
from syncd.sandbox.salesforce.saving import Writer
from syncd.sandbox.server import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the front keeps between calls."""

    org: Org
    cursors: Cursors
    jobs: Jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`parts` are the decoded path segments after the version."""

    site: Site
    request: Request
    version: str  # "v59.0"
    parts: tuple[str, ...]

    @property
    def org(self) -> Org:
        return self.site.org

    def body(self) -> dict[str, Any]:
        """The JSON object sent; raises Refused JSON_PARSER_ERROR."""
        try:
            given = self.request.json()
        except ValueError as error:
            raise _unparsable(str(error)) from None
        if not isinstance(given, dict):
            raise _unparsable("the body must be a JSON object")
        return given

    def writer(self) -> Writer:
        """The integration user, as the headers on duplicates and assignment say."""
        headers = self.request.headers
        wish = headers.get("sforce-duplicate-rule-header", "")
        return self.org.writer(
            self.org.integration,
            "api",
            allow_duplicates="allowsave=true" in wish.replace(" ", "").lower(),
            assignment=self.org.assignments.asked_for(headers.get("sforce-auto-assign", "")),
        )


def _unparsable(message: str) -> Refused:
    return Refused(Problem(code="JSON_PARSER_ERROR", message=message))
