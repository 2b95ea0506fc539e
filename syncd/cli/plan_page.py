"""What `syncd plan` and `syncd plan apply` print: leads, reasons, totals, and what to do next."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from syncd.app_preview import Previewed
from syncd.core.preview import class_of, words_of
from syncd.core.value_words import counted
from syncd.domain.decision import Plan
from syncd.domain.names import LeadId
from syncd.domain.preview import PlannedAction, PlannedLead
from syncd.jobs.apply_preview import Applied
from syncd.jobs.rehearse import Rehearsal, Waiting

_MOST_OTHERS = 20


def preview_page(previewed: Previewed, checksums: Mapping[str, str]) -> str:
    """`checksums` are those of the gates that are to block and nobody looked at, by gate."""
    found = previewed.found
    lines = [*_leads(found.leads), *_known(found), *_in_grace(found.waiting)]
    if not lines and not found.held:
        return "\n".join(("Nothing to write now.", *to_block(checksums)))
    return "\n".join((*lines, *_held(found.held), *_total(found), *_next(previewed, checksums)))


def preview_json(previewed: Previewed, checksums: Mapping[str, str]) -> Mapping[str, object]:
    found = previewed.found
    return {
        "checksum": previewed.made.checksum,
        "not_kept": previewed.unkept,
        "leads": found.leads,
        "reasons": [
            {"what": what, "reason": reason, "actions": count}
            for (what, reason), count in _reasons(found.leads)
        ],
        "actions": [{"what": class_of(x.action), "action": x.action} for x in found.rows],
        "waiting": found.waiting,
        "held": found.held,
        "unreadable": found.down,
        "to_block": checksums,
    }


def applied_page(done: Applied, preview: str) -> str:
    """What was done, and what was not and why."""
    left = [line for lead in done.left for line in _left(lead, done)]
    others = sorted(done.otherwise.keys() - {lead.lead_id for lead in done.left})
    return "\n".join(
        (
            f"{counted(done.leads, 'lead')} of the preview {preview} written as shown.",
            *left,
            *_others(others),
            *_held(done.held),
        )
    )


def _leads(leads: Iterable[PlannedLead]) -> Iterator[str]:
    for lead in leads:
        yield f"lead {lead.lead_id}"
        for reason, actions in _by_reason(lead.actions).items():
            yield f"  {reason}"
            yield from (f"    {x.says}" for x in actions)


def _by_reason(actions: Iterable[PlannedAction]) -> Mapping[str, list[PlannedAction]]:
    found: dict[str, list[PlannedAction]] = {}
    for action in actions:
        found.setdefault(action.reason, []).append(action)
    return found


def _known(found: Rehearsal) -> Iterator[str]:
    if found.known:
        yield "decided before, or ordered by a person; it goes out with the next cycle anyway"
        yield from (f"    {words_of(row.action)}" for row in found.known)


def _in_grace(waiting: Sequence[Waiting]) -> Iterator[str]:
    for x in waiting:
        yield f"lead {x.lead_id}: waits until {x.until:%Y-%m-%d %H:%M} UTC to be completed; then"
        yield from (f"    {action.says}" for action in x.then)


def _held(plans: Iterable[Plan]) -> Iterator[str]:
    return (f"held: {p.id}, {counted(len(p.leads), 'lead')} ({p.reason})" for p in plans)


def _total(found: Rehearsal) -> Iterator[str]:
    for (what, reason), count in _reasons(found.leads):
        yield f"{count:>7,} {what:<10} {reason}"
    counts = Counter(class_of(row.action) for row in found.rows)
    total = ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))
    yield f"total: {total or 'nothing'}"


def _reasons(leads: Iterable[PlannedLead]) -> list[tuple[tuple[str, str], int]]:
    counts = Counter((x.what, x.reason) for lead in leads for x in lead.actions)
    return sorted(counts.items(), key=lambda x: (-x[1], x[0]))


def _next(previewed: Previewed, checksums: Mapping[str, str]) -> Iterator[str]:
    if previewed.made.leads:
        checksum = previewed.made.checksum
        yield f"checksum: {checksum}. " + (
            f"It is not kept, and cannot be applied: {previewed.unkept}"
            if previewed.unkept
            else "A running worker does all this by itself; where none runs, "
            f"`syncd plan apply {checksum}` does what is still the same."
        )
    yield from to_block(checksums)


def to_block(checksums: Mapping[str, str]) -> Iterator[str]:
    """What to write once somebody looked."""
    for gate, checksum in checksums.items():
        yield (
            f'The gate "{gate}" is shown as it will block; until policy.yaml carries this line '
            f"it flags.\n    {gate}: {{mode: block, previewed: {checksum}}}"
        )


def _left(lead: PlannedLead, done: Applied) -> Iterator[str]:
    yield f"not written: lead {lead.lead_id}: {_why_left(lead.lead_id, done)}"
    yield from (f"    {x.says}" for x in lead.actions)


def _why_left(lead_id: LeadId, done: Applied) -> str:
    if lead_id in done.otherwise:
        return "something else is to be done now"
    if any(part.lead_id == lead_id for plan in done.held for part in plan.leads):
        return "the brake holds it"
    return "nothing of it is needed any more"


def _others(leads: Sequence[LeadId]) -> Iterator[str]:
    if leads:
        shown = ", ".join(leads[:_MOST_OTHERS])
        more = f" and {len(leads) - _MOST_OTHERS:,} more" if len(leads) > _MOST_OTHERS else ""
        yield f"not in the preview, but something is to be done by now: {shown}{more}"
