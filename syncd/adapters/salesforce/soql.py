"""Every SOQL text the adapter sends, and the escaping that keeps values from becoming SOQL.

Pure text: nothing is sent from here. Property paths come from configuration and are
checked, because a name cannot be quoted in SOQL.
"""

# ruff: noqa: S608 - SOQL has no bind parameters: values pass `text`, names pass `path`

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from syncd.errors import PermanentError

MOST_ENCODED = 14_000
"""Encoded length of one query: Salesforce refuses URIs over 16,384 bytes with 414 or 431."""

_PATH = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*){0,4}", re.ASCII)
_ESCAPES = str.maketrans(
    {
        "\\": r"\\",
        "'": r"\'",
        '"': r"\"",
        "\n": r"\n",
        "\r": r"\r",
        "\t": r"\t",
        "\b": r"\b",
        "\f": r"\f",
    }
)

_STAYS = "'(),*"
_CODES = {n: quote(chr(n), safe=_STAYS) for n in range(128)}
"""What `quote` makes of each: it walks over every character in Python."""

LEAD_CORE = ("Id", "CreatedDate", "SystemModstamp", "IsDeleted", "MasterRecordId", "IsConverted")
"""What every lead row needs to be recognised, whatever the configuration reads."""

_PERSONS = "('Lead','Contact')"
_COMPLETED = "CompletedDateTime"
_BEGINS = "ActivityDateTime"

CONTACT = "ConvertedContact"
OPPORTUNITY = "ConvertedOpportunity"
"""The relationships that lead from a converted lead to what it became."""

CONTACT_CORE = (
    "ConvertedContactId",
    *(f"{CONTACT}.{name}" for name in ("Id", "SystemModstamp", "IsDeleted")),
)
"""What a converted lead's row needs to be recognised as the contact it became."""


def path(name: str) -> str:
    """The property path itself, or PermanentError if it is none."""
    if not _PATH.fullmatch(name):
        raise PermanentError(f"{name!r} is not a Salesforce property path")
    return name


def column(name: str) -> str:
    """A property that can be written: a path of one step."""
    if "." in path(name):
        raise PermanentError(f"{name!r} lies on another record and cannot be written")
    return name


def text(value: str) -> str:
    """A quoted string literal."""
    return f"'{value if value.isalnum() else value.translate(_ESCAPES)}'"


def like_containing(value: str) -> str:
    """A LIKE pattern matching texts that contain `value` as it stands."""
    escaped = value.translate(_ESCAPES).replace("%", r"\%").replace("_", r"\_")
    return f"'%{escaped}%'"


def instant(at: datetime) -> str:
    """A dateTime literal: unquoted, zone mandatory, whole seconds rounded down."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def members(values: Collection[str]) -> str:
    """The list of an IN clause; never empty, which Salesforce calls malformed."""
    return _listed([text(v) for v in values])


def _listed(literals: Sequence[str]) -> str:
    if not literals:
        raise ValueError("an IN list needs at least one value")
    return f"({','.join(literals)})"


def encoded(soql: str) -> str:
    """The query as it stands in a URL; quotes and commas stay, so IN lists stay short."""
    return soql.translate(_CODES) if soql.isascii() else quote(soql, safe=_STAYS)


def all_leads(columns: Sequence[str]) -> str:
    """For a Bulk job, which an order would keep from being split."""
    return _select_leads(columns)


def leads_since(columns: Sequence[str], since: datetime | None) -> str:
    where = "" if since is None else f" WHERE SystemModstamp >= {instant(since)}"
    return f"{_select_leads(columns)}{where} ORDER BY SystemModstamp, Id"


def leads_became_since(columns: Sequence[str], relation: str, since: datetime) -> str:
    """A lead is not itself modified when the contact or opportunity it became is."""
    return (
        f"{_select_leads(columns)} WHERE IsConverted = true"
        f" AND {path(relation)}.SystemModstamp >= {instant(since)}"
        " ORDER BY SystemModstamp, Id"
    )


def lead_given_to(user_id: str) -> str:
    """A lead somebody else made, and this user is to work."""
    mine = text(user_id)
    return (
        f"SELECT Id FROM Lead WHERE OwnerId = {mine} AND CreatedById != {mine}"
        " AND IsConverted = false AND IsDeleted = false LIMIT 1"
    )


def tasks_since(since: datetime) -> str:
    """Who something was done with. A task changed is found whenever it was done."""
    return (
        "SELECT Id, WhoId, SystemModstamp"
        f" FROM Task WHERE IsClosed = true AND Who.Type IN {_PERSONS}"
        f" AND SystemModstamp >= {instant(since)} ORDER BY SystemModstamp, Id"
    )


def events_since(since: datetime, *, until: datetime) -> str:
    """Events that have begun by `until`: one booked ahead is not modified when it happens."""
    at = instant(since)
    return (
        "SELECT Id, WhoId, ActivityDateTime, SystemModstamp"
        f" FROM Event WHERE Who.Type IN {_PERSONS} AND ActivityDateTime <= {instant(until)}"
        f" AND (SystemModstamp >= {at} OR ActivityDateTime >= {at})"
        " ORDER BY SystemModstamp, Id"
    )


def tasks_done(ids: Collection[str], since: datetime) -> Iterator[str]:
    head = _select_activities("Task", "TaskSubtype", "CallDisposition", "Status", _COMPLETED)
    tail = f" AND IsClosed = true AND IsDeleted = false AND {_COMPLETED} >= {instant(since)}"
    yield from _split(f"{head} WHERE WhoId IN ", ids, tail)


def events_begun(ids: Collection[str], since: datetime, *, until: datetime) -> Iterator[str]:
    head = _select_activities("Event", _BEGINS)
    within = f"{_BEGINS} >= {instant(since)} AND {_BEGINS} <= {instant(until)}"
    yield from _split(f"{head} WHERE WhoId IN ", ids, f" AND IsDeleted = false AND {within}")


def mails_of(tasks: Collection[str]) -> Iterator[str]:
    """The mails that these tasks stand for."""
    columns = "ActivityId, Incoming, Status, IsBounced, IsDeleted"
    yield from _split(f"SELECT {columns} FROM EmailMessage WHERE ActivityId IN ", tasks, "")


def leads_by_id(columns: Sequence[str], ids: Collection[str]) -> Iterator[str]:
    yield from _split(f"{_select_leads(columns)} WHERE Id IN ", ids, "")


def leads_by_contact(columns: Sequence[str], ids: Collection[str]) -> Iterator[str]:
    """The leads that became these contacts."""
    yield from _split(f"{_select_leads(columns)} WHERE ConvertedContactId IN ", ids, "")


def history_of(ids: Collection[str], fields: Collection[str], since: datetime) -> Iterator[str]:
    yield from _split(f"{_select_history()} WHERE LeadId IN ", ids, _changes(fields, since))


def history_of_contacts(
    ids: Collection[str], fields: Collection[str], since: datetime
) -> Iterator[str]:
    """What these contacts went through as leads."""
    head = _select_history("Lead.ConvertedContactId", "Lead.SystemModstamp")
    yield from _split(f"{head} WHERE Lead.ConvertedContactId IN ", ids, _changes(fields, since))


def leads_changed(fields: Collection[str], start: datetime, end: datetime) -> str:
    """Which leads had any of these changed from `start` up to `end`."""
    return (
        f"SELECT Id, LeadId FROM LeadHistory WHERE Field IN {members(sorted(fields))}"
        f" AND IsDeleted = false AND {_created(start, end)} ORDER BY CreatedDate, Id"
    )


def leads_created(start: datetime, end: datetime) -> str:
    return f"SELECT Id FROM Lead WHERE IsDeleted = false AND {_created(start, end)} ORDER BY Id"


def _created(start: datetime, end: datetime) -> str:
    return f"CreatedDate >= {instant(start)} AND CreatedDate < {instant(end)}"


def deals_of(leads: Collection[str], also: str | None) -> Iterator[str]:
    """`also` is one more field of the opportunity."""
    yield from _split(f"{_select_deals(also)} WHERE Id IN ", leads, " AND IsConverted = true")


def deals_of_contacts(contacts: Collection[str], also: str | None) -> Iterator[str]:
    yield from _split(f"{_select_deals(also)} WHERE ConvertedContactId IN ", contacts, "")


def notes_marked(ids: Collection[str], marks: Collection[str]) -> str:
    """Tasks of these leads whose subject holds any of the marks; all of it must fit a URL."""
    any_mark = " OR ".join(f"Subject LIKE {like_containing(mark)}" for mark in marks)
    return f"SELECT Id, WhoId, Subject FROM Task WHERE WhoId IN {members(ids)} AND ({any_mark})"


def campaign_members(link: str, ids: Collection[str], campaigns: Collection[str]) -> Iterator[str]:
    """Who of these (`link` is LeadId or ContactId) is in any of these campaigns."""
    head = f"SELECT Id, CampaignId, {path(link)}, IsDeleted FROM CampaignMember WHERE {link} IN "
    yield from _split(head, ids, f" AND CampaignId IN {members(sorted(campaigns))}")


def campaigns(ids: Collection[str]) -> Iterator[str]:
    yield from _split("SELECT Id, Name FROM Campaign WHERE Id IN ", ids, " AND IsDeleted = false")


def campaigns_called(names: Collection[str]) -> str:
    return f"SELECT Id, Name FROM Campaign WHERE Name IN {members(names)} AND IsDeleted = false"


USERS = "SELECT Id, Name, Email, IsActive, UserType FROM User"
QUEUES = "SELECT Id, Name FROM Group WHERE Type = 'Queue'"


def _select_leads(columns: Sequence[str]) -> str:
    names = dict.fromkeys((*LEAD_CORE, *(path(c) for c in columns)))
    return f"SELECT {', '.join(names)} FROM Lead"


_OF_OPPORTUNITIES = ("IsClosed", "IsWon", "Amount", "CloseDate", "CreatedDate")


def _select_deals(also: str | None) -> str:
    wanted = (*_OF_OPPORTUNITIES, *(() if also is None else (path(also),)))
    parts = (f"{OPPORTUNITY}.{x}" for x in wanted)
    names = ("Id", "IsDeleted", "ConvertedContactId", "ConvertedOpportunityId", *parts)
    return f"SELECT {', '.join(names)} FROM Lead"


def _select_activities(object_name: str, *also: str) -> str:
    names = ("Id", "WhoId", "OwnerId", "CreatedById", "LastModifiedById", *also)
    return f"SELECT {', '.join(names)} FROM {object_name}"


def _select_history(*also: str) -> str:
    names = ("LeadId", "Field", "OldValue", "NewValue", "CreatedDate", "CreatedById", *also)
    return f"SELECT {', '.join(names)} FROM LeadHistory"


def _changes(fields: Collection[str], since: datetime) -> str:
    return (
        f" AND Field IN {members(sorted(fields))} AND CreatedDate >= {instant(since)}"
        " ORDER BY CreatedDate, Id"
    )


def fates_of(object_name: str, ids: Collection[str]) -> Iterator[str]:
    yield from _split(f"SELECT Id, IsDeleted FROM {path(object_name)} WHERE Id IN ", ids, "")


def having(object_name: str, name: str, values: Collection[str], *also: str) -> Iterator[str]:
    """Rows with any of these values, deleted ones included: ids, whether deleted, the column
    itself and `also`."""
    columns = dict.fromkeys(("Id", "IsDeleted", path(name), *map(path, also)))
    head = f"SELECT {', '.join(columns)} FROM {path(object_name)} WHERE {path(name)} IN "
    yield from _split(head, values, "")


def _split(head: str, ids: Collection[str], tail: str) -> Iterator[str]:
    """As many queries as it takes for each to fit a URL with its share of the ids."""
    room = MOST_ENCODED - len(encoded(head + tail))
    wanted = [text(value) for value in sorted(ids)]
    if not wanted:
        return
    longest = max(_length(literal) for literal in wanted)
    each = max(1, room // (longest + 1))
    for start in range(0, len(wanted), each):
        yield f"{head}{_listed(wanted[start : start + each])}{tail}"


def _length(literal: str) -> int:
    """Of what stands in the URL; ids, which most literals are, stand there as they are."""
    is_plain = literal.isascii() and literal[1:-1].isalnum()
    return len(literal) if is_plain else len(encoded(literal))
