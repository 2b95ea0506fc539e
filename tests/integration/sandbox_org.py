"""A served sandbox org with the real simple-salesforce client of it, and two people in it."""

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce

from syncd.sandbox.front import serve_front
from syncd.sandbox.journal import Actor, ActorKind, System
from syncd.sandbox.salesforce.rest import app
from syncd.sandbox.world import World

V = "/services/data/v59.0"


class PlainHttp(HTTPAdapter):
    """The client dials https and nothing else; this leads it to loopback."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    def send(self, request: Any, **options: Any) -> Any:  # type: ignore[override]  # passes all on
        target = urlsplit(request.url)
        request.url = f"{self._base}{target.path}" + (f"?{target.query}" if target.query else "")
        return super().send(request, **{**options, "timeout": 5})


class Sandbox:
    """A served org, a client of it and two people in it."""

    def __init__(self) -> None:
        self.world = World()
        self.org = self.world.salesforce
        self.running = serve_front(app(self.world), self.world, System.SALESFORCE)
        self.url = self.running.url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.mount("https://", PlainHttp(self.url))
        self.client: Any = self.login()
        self.rep: Actor = self.org.add_user("Robin Reyes", "robin@acme.example")
        self.robot = Actor(kind=ActorKind.AUTOMATION, id="rule-1", name="Lead status flow")

    def login(self, key: str = "key") -> Any:
        return Salesforce(
            consumer_key=key, consumer_secret="secret", domain="acme.my", session=self.session
        )

    def lead(self, **values: Any) -> str:
        return self.org.create_lead({"LastName": "Doe", "Company": "Acme", **values}, self.rep)

    def leads(self, count: int) -> list[str]:
        return [self.lead(Email=f"p{number}@acme.example") for number in range(count)]

    def save_all(self, method: str, *records: dict[str, Any], all_or_none: bool = False) -> Any:
        typed = [{"attributes": {"type": "Lead"}, **record} for record in records]
        body = {"allOrNone": all_or_none, "records": typed}
        return self.client.restful("composite/sobjects", method=method, json=body)

    def arm(self, **fault: Any) -> None:
        answer = self.session.post(f"{self.url}/_sandbox/faults", json=fault, timeout=5)
        answer.raise_for_status()

    def close(self) -> None:
        self.session.close()
        self.running.stop()


def first_error(caught: pytest.ExceptionInfo[Any]) -> dict[str, Any]:
    found: dict[str, Any] = caught.value.content[0]
    return found
