"""simple-salesforce with its endless retry taken away.

One request per call; a session that expired is renewed once and the request repeated
once, with the caller's headers. (As it comes the client recurses without end through
`SFType`, logs in three times elsewhere, and drops the caller's headers on the way.)
What a status means is not decided here but in `translate.py`.
"""

import threading
from collections.abc import Mapping
from typing import Any

import orjson
import requests
from simple_salesforce.api import Salesforce

from syncd.errors import WrongAccount

HEADERS = {
    "X-PrettyPrint": "0",  # the client asks for indented JSON
    "Sforce-Auto-Assign": "FALSE",  # else every update may hand the lead to another owner
}
"""Sent with every request. Without the second, REST applies the org's active assignment
rules to updates as well (REST API guide, Assignment Rule Header)."""


class OneRefresh(Salesforce):
    """A logged-in org. Answers are handed back whatever their status."""

    def __init__(self, **login: Any) -> None:
        self._renewing = threading.Lock()
        super().__init__(**login)
        self._org = _org_of(self.session_id)

    def ask(self, method: str, path: str, body: object = None) -> requests.Response:
        """One request to a path of this instance, wherever the last login has put it.
        WrongAccount once a login has led to another org: a sandbox was refreshed."""
        self._insist_on_org()
        return self._call_salesforce(
            method,
            f"https://{self.sf_instance.rstrip('/')}{path}",
            headers=HEADERS,
            data=None if body is None else orjson.dumps(body),
        )

    def _call_salesforce(
        self,
        method: str,
        url: str,
        name: str = "",  # noqa: ARG002 - as inherited
        retries: int = 0,  # noqa: ARG002 - as inherited
        max_retries: int = 0,  # noqa: ARG002 - as inherited
        **kwargs: Any,
    ) -> requests.Response:
        given = kwargs.pop("headers", {})
        used = self.headers  # a login replaces them as a whole
        response = self.session.request(method, url, headers={**used, **given}, **kwargs)
        if response.status_code == 401:
            headers = {**self._renewed(used), **given}
            response = self.session.request(method, url, headers=headers, **kwargs)
        if told := response.headers.get("Sforce-Limit-Info"):
            self.api_usage = self.parse_api_usage(told)
        return response

    def _renewed(self, used: Mapping[str, str]) -> Mapping[str, str]:
        """Headers of a new session; no login if another thread has replaced `used` already."""
        with self._renewing:
            if self.headers is used:
                self._refresh_session()
                self._insist_on_org()
            return self.headers

    def _insist_on_org(self) -> None:
        now = _org_of(self.session_id)
        if now != self._org:
            raise WrongAccount(
                f"Salesforce: a new login led from organisation {self._org} to {now}. Record ids "
                "mean other people there, so nothing is read or written. Was the sandbox "
                "refreshed? Start syncd again; it says what to do."
            )


def _org_of(session_id: str) -> str:
    """The organisation id (15 characters) that a session id begins with; "" in other tokens."""
    org, mark, _ = session_id.partition("!")
    return org if mark else ""
