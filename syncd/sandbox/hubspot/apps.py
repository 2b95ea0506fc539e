"""Private apps: who a bearer token stands for, and what it may do."""

from dataclasses import dataclass

from syncd.sandbox.journal import Actor, ActorKind

DEFAULT_TOKEN = "pat-na1-5a4d0b0c-0000-4000-8000-000000000001"  # noqa: S105 - opens only the sandbox

ALL_SCOPES = (
    "automation",
    "oauth",
    "crm.lists.read",
    "crm.lists.write",
    "crm.objects.companies.read",
    "crm.objects.companies.write",
    "crm.objects.contacts.read",
    "crm.objects.contacts.write",
    "crm.objects.deals.read",
    "crm.objects.deals.write",
    "crm.objects.leads.read",
    "crm.objects.leads.write",
    "crm.objects.owners.read",
    "crm.schemas.companies.read",
    "crm.schemas.contacts.read",
    "crm.schemas.contacts.write",
    "crm.schemas.deals.read",
    "sales-email-read",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateApp:
    """`app_id` is the source id that history gives to this app's writes."""

    name: str = "syncd"
    app_id: int = 19_083_857
    user_id: int = 28_600_000
    scopes: tuple[str, ...] = ALL_SCOPES

    @property
    def actor(self) -> Actor:
        return Actor(kind=ActorKind.API, id=str(self.app_id), name=self.name)


class Apps:
    """Tokens in force."""

    def __init__(self) -> None:
        self._by_token: dict[str, PrivateApp] = {DEFAULT_TOKEN: PrivateApp()}

    def install(self, token: str, app: PrivateApp) -> None:
        self._by_token[token] = app

    def revoke(self, token: str) -> None:
        del self._by_token[token]

    def of(self, token: str) -> PrivateApp | None:
        return self._by_token.get(token)
