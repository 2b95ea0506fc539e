"""A note on a lead, as a completed task: the activity list is where reps look.

The mark in the subject's brackets is how a note is found again.
"""

from typing import Any

from syncd.domain.action import AddNote

LONGEST_SUBJECT = 255
LONGEST_DESCRIPTION = 32_000


def task_for(note: AddNote) -> dict[str, Any]:
    return {
        "attributes": {"type": "Task"},
        "WhoId": note.record_id,
        "Subject": _subject(note),
        "Description": "\n".join(note.lines)[:LONGEST_DESCRIPTION],
        "Status": "Completed",
        "TaskSubtype": "Task",
        "ActivityDate": f"{note.at:%Y-%m-%d}",
    }


def is_note(subject: str | None, mark: str) -> bool:
    return bracketed(mark) in (subject or "")


def bracketed(mark: str) -> str:
    return f"[{mark}]"


def _subject(note: AddNote) -> str:
    """The title gives way, never the mark."""
    mark = bracketed(note.mark)
    return f"{note.title[: LONGEST_SUBJECT - len(mark) - 1].rstrip()} {mark}"
