"""The shape of `store` in config/crm.yaml: a file, or a PostgreSQL database by its URL.

Looks at words alone: nothing is opened. A password is never part of a URL: it comes from the
environment.
"""

from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import Field, PlainValidator, WithJsonSchema

from syncd.settings.part import Part
from syncd.settings.problem import Mistake
from syncd.settings.scalars import Text
from syncd.settings.secrets import ENVIRONMENT, Secrets
from syncd.settings.urls import is_loopback
from syncd.store_ports import StorePlace, StoreUrl

_EXAMPLE = "postgresql://syncd@db.example/syncd?sslmode=verify-full"
_PASSWORD = ENVIRONMENT["store_password"]


def parse_database_url(value: object) -> str:
    """A PostgreSQL URL that shows nothing on its way. Raises Mistake, which quotes nothing."""
    parts = _split(value)
    query = parse_qs(parts.query, keep_blank_values=True)
    if parts.password is not None or "password" in query:
        raise Mistake("the URL holds a password", f"take it out and set {_PASSWORD}")
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise Mistake("this is not the URL of a PostgreSQL database", f"write it as {_EXAMPLE}")
    host = parts.hostname or query.get("host", [""])[0]
    is_here = not host or host.startswith("/") or is_loopback(host)
    if not is_here and "sslmode" not in query:
        raise Mistake(
            f'the way to "{host}" might be open to listeners',
            "add ?sslmode=verify-full (or, in a network of your own, what else you want)",
        )
    return str(value).strip().replace("postgres://", "postgresql://", 1)


def _split(value: object) -> SplitResult:
    try:
        parts = urlsplit(value.strip()) if isinstance(value, str) else urlsplit("")
        _ = parts.port  # a port that is no number only shows itself when asked for
    except ValueError:
        raise Mistake("this is not a URL", f"write it as {_EXAMPLE}") from None
    return parts


DatabaseUrl = Annotated[
    str,
    PlainValidator(parse_database_url),
    WithJsonSchema({"title": "database URL", "type": "string", "format": "uri"}),
]


class StorePart(Part):
    """Where syncd keeps what it knows: in an SQLite file, or in PostgreSQL."""

    path: Text = Field(
        default="syncd.db",
        description=(
            "The SQLite file. A relative path lies in $STATE_DIRECTORY (systemd sets it), else "
            "in the working directory."
        ),
        examples=["syncd.db"],
    )
    url: DatabaseUrl | None = Field(
        default=None,
        description=(
            "A PostgreSQL database in the place of the file; docs/POSTGRESQL.md tells how to make "
            f"one. Without the password: that is {_PASSWORD}."
        ),
        examples=[_EXAMPLE],
    )

    def place(self, state_directory: Path, secrets: Secrets) -> StorePlace:
        if self.url is None:
            return state_directory / self.path
        return StoreUrl(url=self.url, password=secrets.store_password)
