"""Who is who in the org: users, queues, and which user ids are people.

A user is a person when its UserType is Standard; automations run as
AutomatedProcess, CloudIntegrationUser and the like. An integration that was given a
full user counts as a person: Salesforce cannot tell them apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from syncd.adapters.salesforce import soql
from syncd.adapters.salesforce.api import Api
from syncd.domain.record import Directory, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """`us` is the user syncd logs in as; `persons` maps user ids to whether they are people."""

    directory: Directory
    persons: Mapping[str, bool]
    us: str


def fetch_people(api: Api, known_as: Mapping[str, str]) -> People:
    """`known_as` names people whose address here is not the one they are known by."""
    users: list[dict[str, Any]] = []
    queues: list[dict[str, Any]] = []
    for row in api.rows([soql.USERS, soql.QUEUES], what="Salesforce users and queues"):
        (users if "UserType" in row else queues).append(row)
    return People(
        directory=_directory([_user(u, known_as) for u in users], [_queue(q) for q in queues]),
        persons={u["Id"]: u["UserType"] == "Standard" for u in users},
        us=api.user_id(),
    )


def _directory(users: Iterable[Person], queues: Iterable[Person]) -> Directory:
    by_user_id = {person.id: person for person in users}
    by_id = by_user_id | {queue.id: queue for queue in queues}
    inactive_first = sorted(by_id.values(), key=lambda person: person.active)
    return Directory(
        by_id=by_id,
        by_user_id=by_user_id,
        by_owner={person.owner: person for person in inactive_first},
    )


def _user(row: Mapping[str, Any], known_as: Mapping[str, str]) -> Person:
    email = str(row["Email"] or "").lower() or None
    return Person(
        id=row["Id"],
        owner=known_as.get(email, email) if email else f"user:{row['Id']}",
        name=row["Name"],
        email=email,
        active=row["IsActive"],
    )


def _queue(row: Mapping[str, Any]) -> Person:
    name = row["Name"]
    return Person(
        id=row["Id"], owner=f"queue:{name}", name=name, email=None, active=True, is_queue=True
    )
