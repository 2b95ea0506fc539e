"""What the portal itself writes on a contact when something else on it changes.

Pure: values in, further changes out. A property the portal does not have is
dropped by the caller.
"""

from collections.abc import Mapping

from syncd.sandbox.hubspot.kinds import CONTACT, CONTACTED, Kind
from syncd.sandbox.hubspot.lifecycle import STAGE
from syncd.sandbox.hubspot.source import Source
from syncd.sandbox.hubspot.stamps import iso


def at_birth(record_id: int, app_id: str) -> dict[str, str]:
    """What every contact has from the start."""
    return {
        "hs_all_contact_vids": str(record_id),
        "hs_is_contact": "true",
        "hs_is_unworked": "true",
        "hs_object_source": "INTEGRATION" if app_id else "CRM_UI",
        "hs_object_source_label": "INTEGRATION" if app_id else "CRM_UI",
        "hs_object_source_id": app_id,
        "hs_pipeline": "contacts-lifecycle-pipeline",
        "num_notes": "0",
    }


def at_log(source: Source) -> dict[str, str]:
    """What every engagement has from the start: how it came to be there."""
    return {
        "hs_object_source": source.type,
        "hs_object_source_id": source.id or "",
        "hs_created_by_user_id": "" if source.user_id is None else str(source.user_id),
    }


def follow(
    kind: Kind, before: Mapping[str, str], changes: Mapping[str, str], at: int
) -> dict[str, str]:
    """What follows from the changes made to a record."""
    further: dict[str, str] = {}
    if changes.get("hubspot_owner_id", before.get("hubspot_owner_id", "")) != before.get(
        "hubspot_owner_id", ""
    ):
        further["hubspot_owner_assigneddate"] = iso(at) if changes["hubspot_owner_id"] else ""
        further["hs_is_unworked"] = "true"
        further["hs_sa_first_engagement_date"] = ""  # it tells of the current owner only
    if "hs_task_status" in changes:
        done = changes["hs_task_status"] == "COMPLETED"
        further["hs_task_completion_date"] = iso(at) if done else ""
    if kind is not CONTACT:
        return further
    if changes.get(STAGE):
        further[f"hs_lifecyclestage_{changes[STAGE]}_date"] = iso(at)
    if "email" in changes:
        further["hs_email_domain"] = changes["email"].rpartition("@")[2]
    if not changes.keys().isdisjoint(("firstname", "lastname", "email")):
        further["hs_full_name_or_email"] = _display_name({**before, **changes})
    return further


def touched(kind: Kind, values: Mapping[str, str], *, happened: int, now: int) -> dict[str, str]:
    """What an engagement of this kind, just logged, changes on its contact."""
    further = {
        "num_notes": str(int(values.get("num_notes") or 0) + 1),
        "notes_last_updated": iso(now),
    }
    if kind not in CONTACTED or happened > now:
        return further
    return {**further, **_reached(kind, values, iso(happened))}


def _reached(kind: Kind, values: Mapping[str, str], when: str) -> dict[str, str]:
    first = not values.get("hs_sa_first_engagement_date")
    engaged = {
        "hs_sa_first_engagement_date": when,
        "hs_sa_first_engagement_object_type": kind.name.upper(),
    }
    return {
        "num_contacted_notes": str(int(values.get("num_contacted_notes") or 0) + 1),
        "notes_last_contacted": max(values.get("notes_last_contacted", ""), when),
        "hs_is_unworked": "false",
        "hs_first_outreach_date": values.get("hs_first_outreach_date") or when,
        **(engaged if first else {}),
    }


def _display_name(values: Mapping[str, str]) -> str:
    name = f"{values.get('firstname', '')} {values.get('lastname', '')}".strip()
    return name or values.get("email", "")
