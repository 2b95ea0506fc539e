"""Everything `doctor` looked up, as plain values. What could not be seen says why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias, TypeVar

from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, System
from syncd.domain.policy import Policy
from syncd.domain.record import Directory, Schema
from syncd.domain.standard import Standard

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unseen:
    """A fact that could not be looked up. `refused`: the credentials were turned down;
    `spent`: the day's calls are used up; an empty `why`: it was not asked for, and another
    finding says why not."""

    why: str
    refused: bool = False
    spent: bool = False


Fact: TypeAlias = T | Unseen
NOT_ASKED = Unseen("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """As whom we are known there. `account` is the org or portal; `email` and `name` are the
    user's in whose name we write, "" where the vendor does not tell; `app_id` that of our app
    in the vendor's history. `has_leads`: somebody gave that user leads to work. `server_time`
    is the vendor's clock when it answered, `asked_at` ours."""

    account: str
    server_time: datetime
    asked_at: datetime
    time_zone: str = ""
    name: str = ""
    email: str = ""
    app_id: str | None = None
    has_leads: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """A list or campaign; `takes_members` if the API may put people on it."""

    name: str
    takes_members: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeRule:
    """A validation rule of the lead, as the org has it. `formula` is None where nobody asked:
    of others' rules."""

    name: str
    active: bool
    description: str
    message: str
    formula: str | None = None


class Drift(StrEnum):
    """How what is deployed differs from the files."""

    MISSING = "missing"
    INACTIVE = "inactive"
    OUTDATED = "outdated"
    EDITED = "edited"
    LEFT_OVER = "left-over"


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeDrift:
    """One rule in which the org differs from what the files would make of it now: `says` what is
    wrong with it, `fix` what to do."""

    kind: Drift
    name: str
    says: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFacts:
    """One CRM. `granted` are rights by the vendor's own names; `tracked` the properties whose
    history is kept (None: all); `lists` those found, by id; `used` and `allowed` calls a day,
    None where the vendor does not tell."""

    login: Fact[Login]
    granted: Fact[frozenset[str]] = NOT_ASKED
    schema: Fact[Schema] = NOT_ASKED
    directory: Fact[Directory] = NOT_ASKED
    tracked: Fact[frozenset[str] | None] = NOT_ASKED
    lists: Fact[Mapping[str, ListFacts]] = NOT_ASKED
    used: int | None = None
    allowed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    is_archived: bool
    has_bot: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackFacts:
    """`scopes` of the bot's token; `channels` the bot sees, by name and by id; `line` is True
    when the app's own token opens one, None where there is no such token. `people` are the
    addresses Slack knows, of those that were asked for."""

    scopes: Fact[frozenset[str]]
    channels: Fact[Mapping[str, ChannelFacts]]
    line: Fact[bool | None]
    people: Fact[frozenset[str]] = NOT_ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFacts:
    """`place` is a path or an address. `schema` is the one found, None where there is no store
    yet; `newest` the one this syncd knows. `free` and `log` are bytes, None where they cannot
    be told; `journal` is SQLite's mode, `damage` what its check says."""

    place: str
    newest: str
    is_writable: bool
    schema: str | None = None
    free: int | None = None
    log: int | None = None
    journal: str | None = None
    damage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """The configuration, as far as it is held against the world. `accounts` are those it
    names; `channels` maps its names to Slack's; `missing` are secrets to set."""

    standard: Standard
    policy: Policy
    crm: CrmMap
    channels: Mapping[str, str]
    accounts: Mapping[System, str]
    poll_every: timedelta
    app_id: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`connector` are the fields the native connector was seen to move; `native` how the rules
    built into the CRMs differ from the files; `known_accounts` are those the store is of."""

    now: datetime
    setup: Setup
    sides: Mapping[System, SideFacts]
    slack: SlackFacts | None
    store: Fact[StoreFacts]
    connector: Fact[frozenset[FieldName]] = NOT_ASKED
    native: Fact[tuple[NativeDrift, ...]] = NOT_ASKED
    known_accounts: Mapping[System, str] = field(default_factory=dict)
