"""How to reach one Salesforce org, as plain values. Nothing is read from anywhere here."""

from dataclasses import dataclass, field

DEFAULT_API_VERSION = "59.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCredentials:
    """OAuth client-credentials flow: the connected app's own run-as user."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jwt:
    """OAuth JWT bearer flow; `private_key` is PEM text."""

    client_id: str
    username: str
    private_key: str = field(repr=False)


Auth = ClientCredentials | Jwt


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesforceConnection:
    """`domain` is the login host without `.salesforce.com` (`acme.my`, `login`, `test`).

    `base_url` sends every request, login included, to a stand-in instead; plain http is
    taken for loopback only.
    """

    domain: str
    auth: Auth
    base_url: str | None = None
    api_version: str = DEFAULT_API_VERSION
