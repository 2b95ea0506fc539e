"""What one call, email, meeting or task of HubSpot says: done or not, by whom, anybody reached.

Pure: JSON objects come in, nothing is asked. The default outcomes of calls have the same ids in
every portal; a portal's own ones count as reached, for nobody can tell what they mean.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from syncd.adapters.hubspot.records import OWNER, instant
from syncd.domain.names import RecordId, System
from syncd.domain.record import Activity, Directory

Properties = Mapping[str, Any]

_SOURCE = "hs_object_source"
_APP = "hs_object_source_id"
_CREATOR = "hs_created_by_user_id"
_SEQUENCE = "hs_sequence_id"
_WORKFLOW = "AUTOMATION_PLATFORM"
_INTEGRATION = "INTEGRATION"

_NOBODY_REACHED = frozenset(
    {
        "9d9162e7-6cf3-4944-bf63-4dff82258764",  # busy
        "a4c4c377-d246-4b32-a13b-75a56a4cd0ff",  # left live message: somebody else answered
        "b2cf5968-551e-4856-9783-52b3da59a7d0",  # left voicemail
        "73a0d17f-1163-4015-bdd5-ec830791da20",  # no answer
        "17b47fee-58de-441e-a44c-c6300d46f273",  # wrong number
    }
)
_CALLED_IN_VAIN = frozenset({"BUSY", "NO_ANSWER", "FAILED"})
_NO_CALL_YET = frozenset({"QUEUED", "RINGING", "CONNECTING", "CALLING_CRM_USER", "IN_PROGRESS"})
_NO_CALL = _NO_CALL_YET | {"CANCELED", "MISSED"}  # a missed one is a call by the contact

_COMING_IN = frozenset({"INCOMING_EMAIL", "FORWARDED_EMAIL"})
_NOT_SENT = frozenset({"FAILED", "SCHEDULED", "SENDING"})

_CALLED_OFF = frozenset({"CANCELED", "RESCHEDULED"})
_MET = "COMPLETED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who is who in the portal, and under which app id our own writes are listed."""

    directory: Directory
    own_app: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an engagement comes to: when it happened, and what it was."""

    at: str
    reached: bool = True
    automated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of engagement. `means` gives None for what was not done, or does not say when."""

    name: str
    plural: str
    own: tuple[str, ...]
    means: Callable[[Properties], Found | None]

    @property
    def properties(self) -> tuple[str, ...]:
        return ("hs_timestamp", OWNER, _SOURCE, _APP, _CREATOR, *self.own)

    def read(self, raw: Mapping[str, Any], contact: RecordId, who: Who) -> Activity | None:
        properties: Properties = raw["properties"]
        found = self.means(properties)
        if found is None:
            return None
        source = properties.get(_SOURCE)
        return Activity(
            system=System.HUBSPOT,
            id=f"{self.name}:{raw['id']}",
            record_id=contact,
            kind=self.name,
            at=instant(found.at),
            owner_id=_owner(properties, who.directory),
            by_syncd=source == _INTEGRATION and str(properties.get(_APP)) == who.own_app,
            reached=found.reached,
            automated=found.automated or source == _WORKFLOW,
        )


def _owner(properties: Properties, directory: Directory) -> str:
    """Mails and calls that were logged from outside often have no owner: then the user who
    made it, or whose address it was sent from."""
    if properties.get(OWNER):
        return str(properties[OWNER])
    sender = str(properties.get("hs_email_from_email") or "").lower()
    person = directory.by_user_id.get(str(properties.get(_CREATOR) or ""))
    if person is None and sender:
        person = next((p for p in directory.by_id.values() if p.email == sender), None)
    return person.id if person else ""


def _call(properties: Properties) -> Found | None:
    status, at = properties.get("hs_call_status"), properties.get("hs_timestamp")
    if not at or status in _NO_CALL:
        return None
    in_vain = status in _CALLED_IN_VAIN or properties.get("hs_call_disposition") in _NOBODY_REACHED
    return Found(at=str(at), reached=not in_vain)


def _email(properties: Properties) -> Found | None:
    """A sequence's mail, or one that an integration logged (sequencers do), is nobody's hand."""
    status, at = properties.get("hs_email_status"), properties.get("hs_timestamp")
    if not at or status in _NOT_SENT or properties.get("hs_email_direction") in _COMING_IN:
        return None
    by_machine = bool(properties.get(_SEQUENCE)) or properties.get(_SOURCE) == _INTEGRATION
    return Found(at=str(at), reached=status != "BOUNCED", automated=by_machine)


def _meeting(properties: Properties) -> Found | None:
    """Only one told as completed reached somebody: a booking says nothing of who came."""
    at = properties.get("hs_meeting_start_time") or properties.get("hs_timestamp")
    outcome = properties.get("hs_meeting_outcome")
    if not at or outcome in _CALLED_OFF:
        return None
    return Found(at=str(at), reached=outcome == _MET)


def _task(properties: Properties) -> Found | None:
    """When it was done; hs_timestamp is when it is due."""
    at = properties.get("hs_task_completion_date")
    return Found(at=str(at)) if at and properties.get("hs_task_status") == "COMPLETED" else None


KINDS = (
    Kind(name="call", plural="calls", own=("hs_call_disposition", "hs_call_status"), means=_call),
    Kind(
        name="email",
        plural="emails",
        own=("hs_email_direction", "hs_email_status", "hs_email_from_email", _SEQUENCE),
        means=_email,
    ),
    Kind(
        name="meeting",
        plural="meetings",
        own=("hs_meeting_outcome", "hs_meeting_start_time"),
        means=_meeting,
    ),
    Kind(
        name="task",
        plural="tasks",
        own=("hs_task_completion_date", "hs_task_status"),
        means=_task,
    ),
)
