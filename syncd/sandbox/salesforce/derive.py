"""Fields the org works out itself when a row is saved. Pure: row and time in, values out."""

from typing import Any

from syncd.sandbox.salesforce.table import Row

CLOSED_TASKS = frozenset({"Completed"})


def derived_values(object_name: str, row: Row, *, moment: str) -> dict[str, Any]:
    """What follows from the values about to be saved."""
    match object_name:
        case "Lead" | "Contact" | "User":
            names = (row.get("FirstName"), row.get("LastName"))
            return {"Name": " ".join(name for name in names if name)}
        case "Task":
            return _task(row, moment)
        case "Event":
            begins = row.get("ActivityDateTime") or moment
            return {"StartDateTime": begins, "ActivityDate": begins[:10]}
        case "Opportunity":
            won = row.get("StageName") == "Closed Won"
            return {"IsWon": won, "IsClosed": won or row.get("StageName") == "Closed Lost"}
        case "CampaignMember":
            return {"HasResponded": row.get("Status") == "Responded"}
        case _:
            return {}


def activity_date(object_name: str, row: Row, *, moment: str) -> str | None:
    """The day an activity counts for on its lead: due day of an event or of a closed task."""
    if object_name == "Event":
        return str(row["ActivityDate"])
    if object_name == "Task" and row["IsClosed"]:
        return str(row.get("ActivityDate") or moment[:10])
    return None


def _task(row: Row, moment: str) -> dict[str, Any]:
    closed = row.get("Status") in CLOSED_TASKS
    completed = row.get("CompletedDateTime") or moment if closed else None
    return {"IsClosed": closed, "CompletedDateTime": completed}
