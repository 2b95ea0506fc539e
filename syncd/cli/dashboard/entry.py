"""Who may come in, as the configuration and the secrets say it. Refuses what would be open to
anybody."""

from urllib.parse import urlsplit

from syncd.adapters.web.access import Access, Passwords, Role, ThisMachine, TrustedHeader
from syncd.errors import SyncdError
from syncd.settings.dashboard_file import DashboardPlace
from syncd.settings.secrets import ENVIRONMENT, Secrets
from syncd.settings.urls import is_loopback

_HASHES = {Role.VIEWER: "dashboard_viewer_hash", Role.OPERATOR: "dashboard_operator_hash"}


def access_of(place: DashboardPlace, secrets: Secrets, *, host: str) -> Access:
    """SyncdError where others could reach it without signing in, or by names not known."""
    hashes = {role: text for role, name in _HASHES.items() if (text := getattr(secrets, name))}
    _insist_on_its_url(place.url, host)
    if place.header:
        return TrustedHeader(name=place.header, proxies=place.proxies, operators=place.operators)
    if hashes:
        _insist_they_are_hashes(hashes)
        return Passwords(hashes=hashes, proxies=place.proxies)
    if place.url:
        raise SyncdError(
            "the dashboard is reached beyond this machine and nobody would have to sign in: set "
            f"{ENVIRONMENT['dashboard_viewer_hash']} or {ENVIRONMENT['dashboard_operator_hash']} "
            "(`syncd web --hash-password` makes one), or dashboard.header in crm.yaml"
        )
    return ThisMachine()


def _insist_on_its_url(url: str, host: str) -> None:
    """No password goes over the wire in plain, and every page knows its own address."""
    if not is_loopback(host) and not url.startswith("https://"):
        raise SyncdError(
            f"the dashboard would answer on {host}, beyond this machine: crm.yaml needs "
            "dashboard.url, the https address under which a proxy serves it"
        )
    if path := urlsplit(url).path:
        raise SyncdError(
            f"dashboard.url in crm.yaml ends in {path}: the dashboard can only be served under "
            "a name of its own, with no path"
        )


def _insist_they_are_hashes(hashes: dict[Role, str]) -> None:
    for role, text in hashes.items():
        if not text.startswith("$argon2"):
            raise SyncdError(
                f"{ENVIRONMENT[_HASHES[role]]} is no argon2 hash: `syncd web --hash-password` "
                "makes one of a password"
            )
