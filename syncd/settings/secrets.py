"""Secrets: read from the environment or from credential files, and never shown.

A credential file is named like its variable, in lower case and without `SYNCD_`; systemd
puts it into $CREDENTIALS_DIRECTORY. Nothing here looks at YAML.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path as FilePath

from syncd.settings.connections import SalesforceAuth
from syncd.settings.problem import Problem

_PREFIX = "SYNCD_"
_LARGEST = 64_000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Secrets:
    """What is set; its repr tells only which."""

    salesforce_client_id: str | None = None
    salesforce_client_secret: str | None = None
    salesforce_username: str | None = None
    salesforce_private_key: str | None = None
    hubspot_token: str | None = None
    slack_token: str | None = None
    slack_app_token: str | None = None
    slack_webhook: str | None = None
    store_password: str | None = None
    dashboard_viewer_hash: str | None = None
    dashboard_operator_hash: str | None = None

    def __repr__(self) -> str:
        names = [f.name for f in fields(self) if getattr(self, f.name)]
        return f"Secrets(set: {', '.join(names) or 'none'})"

    def values(self) -> tuple[str, ...]:
        """Every value that must never reach a log (for redaction; keep it nowhere else)."""
        return tuple(v for f in fields(self) if (v := getattr(self, f.name)))


ENVIRONMENT = {f.name: _PREFIX + f.name.upper() for f in fields(Secrets)}
"""The variable of each secret."""

HINTS = {
    "salesforce_client_id": ("salesforce", "id"),
    "salesforce_client_secret": ("salesforce", "secret"),
    "salesforce_private_key": ("salesforce", "private"),
    "hubspot_token": ("hubspot",),
    "slack_token": ("slack", "token"),
    "slack_app_token": ("slack", "app", "token"),
    "slack_webhook": ("slack", "webhook"),
    "store_password": ("store", "passw"),
    "dashboard_viewer_hash": ("dashboard", "viewer"),
    "dashboard_operator_hash": ("dashboard", "operator"),
}
"""Words by which a secret that strayed into YAML is told."""


def load_secrets(
    environ: Mapping[str, str], credentials_dir: FilePath | None
) -> tuple[Secrets, tuple[Problem, ...]]:
    """The secrets found, the environment first, and what could not be read."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for name, variable in ENVIRONMENT.items():
        value = environ.get(variable, "").strip()
        if not value and credentials_dir is not None:
            value = _from_file(credentials_dir / name, problems)
        if value:
            found[name] = value
    return Secrets(**found), tuple(problems)


def missing_secrets(secrets: Secrets, auth: SalesforceAuth) -> tuple[str, ...]:
    """What a live run still needs, each as the variable to set."""
    missing = missing_crm_secrets(secrets, auth)
    if secrets.slack_token or secrets.slack_webhook:
        return missing
    return (*missing, f"{ENVIRONMENT['slack_token']} or {ENVIRONMENT['slack_webhook']}")


def missing_crm_secrets(secrets: Secrets, auth: SalesforceAuth) -> tuple[str, ...]:
    """What whoever only looks at the CRMs still needs: nothing is told to anybody."""
    needed = ("salesforce_client_id", *_BY_AUTH[auth], "hubspot_token")
    return tuple(ENVIRONMENT[name] for name in needed if not getattr(secrets, name))


_BY_AUTH = {
    SalesforceAuth.CLIENT_CREDENTIALS: ("salesforce_client_secret",),
    SalesforceAuth.JWT: ("salesforce_username", "salesforce_private_key"),
}


def _from_file(path: FilePath, problems: list[Problem]) -> str:
    try:
        if not path.exists():
            return ""
        if path.stat().st_size > _LARGEST:
            raise ValueError("it is larger than a secret can be")
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        # A decoding error would quote the file: only an OS error's own words are safe.
        why = error.strerror if isinstance(error, OSError) else "it is not a text of fitting size"
        message = f"the credential cannot be read ({why}); check the file and its rights"
        problems.append(Problem(file=str(path), line=1, column=1, message=message))
        return ""
