"""The shape of `dashboard` in config/crm.yaml: where the dashboard is served, and for whom.

Words alone. Passwords are no part of it: their hashes come from the environment.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema

from syncd.settings.part import Part
from syncd.settings.problem import Mistake, shown
from syncd.settings.scalars import Address, Text
from syncd.settings.urls import BaseUrl

_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
HERE = ("127.0.0.1", "::1")


def _header(value: object) -> str:
    if not isinstance(value, str) or not _HEADER.fullmatch(value):
        raise Mistake(f"{shown(value)} is no name of a header", "write it as X-Forwarded-Email")
    return value


def _ip(value: object) -> str:
    try:
        return str(ipaddress.ip_address(str(value)))
    except ValueError:
        raise Mistake(f"{shown(value)} is no IP address", "write it as 127.0.0.1") from None


HeaderName = Annotated[
    str,
    PlainValidator(_header),
    WithJsonSchema({"title": "header", "type": "string", "pattern": f"^{_HEADER.pattern}$"}),
]
IpAddress = Annotated[
    str, PlainValidator(_ip), WithJsonSchema({"title": "IP address", "type": "string"})
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardPlace:
    """`address` None: the daemon serves no dashboard. `operators` are in lower case."""

    address: str | None
    url: str
    header: str
    proxies: frozenset[str]
    operators: frozenset[str]


class DashboardPart(Part):
    """Where the dashboard is served, and who may come in. Beyond this machine it asks for a
    password, or trusts a proxy that has."""

    address: Address | None = Field(
        default=None,
        description=(
            "Host and port to serve it on. Left out: `syncd run` serves none; `syncd web` does, "
            "on 127.0.0.1:8322."
        ),
        examples=["127.0.0.1:8322"],
    )
    url: BaseUrl | None = Field(
        default=None,
        description=(
            "How browsers reach it where that is not this machine: the https address of the "
            "proxy before it."
        ),
        examples=["https://syncd.example.com"],
    )
    header: HeaderName | None = Field(
        default=None,
        description=(
            "The header in which a proxy names who signed in there. It replaces the passwords. "
            "The proxy must set it on every request, and take away one that comes from outside."
        ),
        examples=["X-Forwarded-Email"],
    )
    proxies: tuple[IpAddress, ...] = Field(
        default=HERE,
        description="From where a proxy's headers are believed.",
        examples=[["127.0.0.1"]],
    )
    operators: tuple[Text, ...] = Field(
        default=(),
        description="Of those whom the header names, who may act. Everybody else may read.",
        examples=[["ops@example.com"]],
    )

    def place(self) -> DashboardPlace:
        return DashboardPlace(
            address=self.address,
            url=self.url or "",
            header=self.header or "",
            proxies=frozenset(self.proxies),
            operators=frozenset(x.casefold() for x in self.operators),
        )
