"""What was done with leads and contacts, from tasks that are done, events that have begun and
the mails behind tasks.

Salesforce keeps a task for every mail sent to a lead or contact (EmailMessage.ActivityId,
"auto-created" says its reference); the mail is looked up for what the task does not tell: whether
it came in, bounced or is a draft. There is no flag for automation, so an activity counts as
automated when no person saved it, or when it went to a list. An integration that was given a
full user counts as a person (see `people.py`). With shared activities a task is of its first
person alone.

This file asks and reads; what an activity means for a handoff is decided elsewhere.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from syncd.adapters.salesforce import soql
from syncd.adapters.salesforce.api import Api, Row
from syncd.adapters.salesforce.people import People
from syncd.adapters.salesforce.rows import moment
from syncd.adapters.salesforce.translate import NoSuchObject
from syncd.domain.names import RecordId, System
from syncd.domain.record import Activity

_WHAT = "Salesforce activities"
_EMAIL = "email"
_TO_MANY = "listemail"
"""A mail to a whole list, which the reference calls "List Email" and its values ListEmail."""
_DRAFT = "5"
"""EmailMessage.Status is a number: 0 new, 1 read, 2 replied, 3 sent, 4 forwarded, 5 draft."""

NOBODY_REACHED = (
    "busy",
    "left message",
    "no answer",
    "no connect",
    "not reached",
    "voicemail",
    "wrong number",
)
"""Call results are free text of each org (Task.CallDisposition), and some orgs have a closed
Status for them; one that holds any of these words, in any case, is an attempt."""


def fetch_done(
    api: Api, ids: Collection[RecordId], *, since: datetime, until: datetime, people: People
) -> Iterator[Activity]:
    """All that was done with these leads and contacts in this span. Most calls are one."""
    if not ids:
        return
    tasks: list[Row] = []
    events: list[Row] = []
    queries = (*soql.tasks_done(ids, since), *soql.events_begun(ids, since, until=until))
    for row in api.rows(queries, what=_WHAT):
        (events if "ActivityDateTime" in row else tasks).append(row)
    mails = _mails(api, [row["Id"] for row in tasks if _subtype(row) == _EMAIL])
    for row in tasks:
        mail = mails.get(row["Id"])
        if mail is None or not (mail["Incoming"] or mail["Status"] == _DRAFT):
            yield task_of(row, people, bounced=bool(mail and mail["IsBounced"]))
    yield from (event_of(row, people) for row in events)


def _mails(api: Api, tasks: Collection[str]) -> Mapping[str, Row]:
    """The mails behind tasks, by task. Without Enhanced Email the task has to do."""
    try:
        rows = list(api.rows(soql.mails_of(tasks), what=_WHAT))
    except NoSuchObject:
        return {}
    return {row["ActivityId"]: row for row in rows if not row["IsDeleted"]}


def task_of(row: Row, people: People, *, bounced: bool = False) -> Activity:
    """A task, done when it was completed."""
    told = f"{row['CallDisposition'] or ''} {row['Status'] or ''}".lower()
    in_vain = bounced or any(words in told for words in NOBODY_REACHED)
    return _activity(
        row, people, kind=_subtype(row), at=row["CompletedDateTime"], reached=not in_vain
    )


def event_of(row: Row, people: People) -> Activity:
    """A meeting, at the time it began: whether it took place Salesforce cannot tell."""
    return _activity(row, people, kind="event", at=row["ActivityDateTime"], reached=True)


def _subtype(row: Row) -> str:
    return str(row["TaskSubtype"] or "Task").lower()


def _activity(row: Row, people: People, *, kind: str, at: str, reached: bool) -> Activity:
    hands = (row["CreatedById"], row["LastModifiedById"])
    nobody = all(people.persons.get(user) is False for user in hands)
    return Activity(
        system=System.SALESFORCE,
        id=row["Id"],
        record_id=RecordId(row["WhoId"]),
        kind=kind,
        at=moment(at),
        owner_id=row["OwnerId"],
        by_syncd=row["CreatedById"] == people.us,
        reached=reached,
        automated=nobody or kind == _TO_MANY,
    )
