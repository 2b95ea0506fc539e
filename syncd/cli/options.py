"""What every command shares: where the configuration is, and how to open the store."""

import getpass
import json
import os
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from syncd.adapters.store.store import SqlStore, open_store
from syncd.domain.names import LeadId
from syncd.errors import SyncdError
from syncd.settings.load import Settings
from syncd.store_ports import StorePlace
from syncd.wiring import Source

F = TypeVar("F", bound=Callable[..., Any])


def config_option(command: F) -> F:
    return click.option(
        "--config",
        "config_dir",
        type=click.Path(path_type=Path),
        default=Path("config"),
        show_default=True,
        callback=_or_as_above,
        help="The directory with standard.yaml, policy.yaml and crm.yaml.",
    )(command)


def json_option(command: F) -> F:
    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        callback=_or_as_above,
        help="Answer as JSON, for programs.",
    )(command)


def listing(page: Callable[[Path, bool], None]) -> click.Group:
    """A group of commands that prints its own page where none of them is named. The page takes
    `config_dir` and `as_json`."""

    @click.pass_context
    @wraps(page)
    def alone(ctx: click.Context, config_dir: Path, as_json: bool) -> None:
        if ctx.invoked_subcommand is None:
            page(config_dir, as_json)

    return click.group(invoke_without_command=True)(config_option(json_option(alone)))


def by_option(command: F) -> F:
    return click.option(
        "--by",
        default=who,
        callback=not_blank,
        help="The person who decides this; default: you.",
    )(command)


def not_blank(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """The text without the space around it; others will read it, so there must be some."""
    del ctx
    text = value.strip()
    if not text:
        raise click.BadParameter("say it in words, it is kept in the audit", param=param)
    return text


def _or_as_above(ctx: click.Context, param: click.Parameter, value: object) -> object:
    """`plan --config DIR show X` means the same as `plan show X --config DIR`."""
    name = param.name or ""
    is_given = ctx.get_parameter_source(name) is not ParameterSource.DEFAULT
    above = ctx.parent.params if ctx.parent else {}
    return value if is_given else above.get(name, value)


def source_of(config_dir: Path) -> Source:
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    return Source(
        config_dir=config_dir,
        environ=os.environ,
        credentials_dir=Path(credentials) if credentials else None,
    )


def open_for_reading(settings: Settings) -> SqlStore:
    """The store as it is, also while the daemon writes. Changes nothing."""
    return _opened(settings, read_only=True)


def open_for_orders(settings: Settings) -> SqlStore:
    """The store, to place an order in; the worker carries it out at its next cycle."""
    return _opened(settings, read_only=False)


def _opened(settings: Settings, *, read_only: bool) -> SqlStore:
    """It is closed when the command ends."""
    store = open_store(existing(settings.store), read_only=read_only)
    click.get_current_context().call_on_close(store.close)
    return store


def existing(place: StorePlace) -> StorePlace:
    """A database by URL says by itself that it is empty."""
    if not isinstance(place, Path) or place.exists():
        return place
    raise SyncdError(
        f"there is no store at {place.absolute()}: run `syncd backfill` (or `syncd run`) first, "
        "or set STATE_DIRECTORY to where the daemon keeps its store"
    )


def find_one(store: SqlStore, text: str) -> LeadId:
    """The one lead a person means. SyncdError says what to try when it is none or several."""
    found = store.look_up(text)
    if not found:
        raise SyncdError(_nobody(store, text))
    if len(found) > 1:
        raise SyncdError(f"{text} is on several leads ({', '.join(found)}): name one of them")
    return found[0]


def _nobody(store: SqlStore, text: str) -> str:
    parked = next((x for x in store.parked() if x.record_id == text.strip()), None)
    if parked is None:
        return (
            f"no lead with {text}: give an email, a HubSpot id or a Salesforce id that syncd "
            "has read (`syncd status` tells how far it has read)"
        )
    if parked.ignored:
        return (
            f"{parked.system.label} {text} is ignored ({parked.why}): it belongs to no lead; "
            "`syncd links link` links it all the same"
        )
    among = f" among {', '.join(parked.candidates)}" if parked.candidates else ""
    return (
        f"{parked.system.label} {text} is parked, it belongs to no lead yet: {parked.why}{among}; "
        "settle it in the CRM, and the next cycle looks again, or use `syncd links link`"
    )


def the_day(until: str) -> date:
    """What `--until` names. SyncdError where it is no day."""
    try:
        return date.fromisoformat(until)
    except ValueError:
        example = f"{datetime.now(UTC).date() + timedelta(days=30)}"
        raise SyncdError(f"--until {until} is no day; write it like {example}") from None


def who() -> str:
    """The person at the keyboard, as the operating system knows them."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # in a container, a user need not have a name
        return f"user {os.getuid()}"


def print_json(value: object) -> None:
    click.echo(json.dumps(value, default=_plain, indent=2, ensure_ascii=False))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, frozenset | set | tuple):
        return list(value)
    return str(value)
