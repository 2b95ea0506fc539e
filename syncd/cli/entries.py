"""One audit entry in words, for `syncd explain`. Wording only."""

from collections.abc import Callable, Mapping
from datetime import datetime

from syncd.cli import entries_handoff
from syncd.cli.entries_handoff import ERASED, Told
from syncd.cli.local import Local
from syncd.cli.reasons import how_decided, why_linked, why_written
from syncd.core.alert_words import stage_words
from syncd.core.erasing import LEFT_THE_BIN
from syncd.core.repair import REPAIR_ORDERED
from syncd.core.value_words import NOTHING, cut, field_words, listed
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import STAGE, ActionKey, FieldName, System
from syncd.domain.stage import Stage


def entry_words(entry: AuditEntry, effects: Mapping[ActionKey, str], local: Local) -> Told:
    """`effects` tells by its key what an entry about a write, a note or a message means."""
    if entry.kind in _TIMELESS:
        return _TIMELESS[entry.kind](entry)
    if entry.kind in _TIMED:
        return _TIMED[entry.kind](entry, local)
    if entry.kind in _ENDS:
        return _ended(entry, effects)
    facts = ", ".join(f"{name} {value}" for name, value in entry.facts.items())
    return entry.kind.value.capitalize(), (facts,) if facts else ()


def _ended(entry: AuditEntry, effects: Mapping[ActionKey, str]) -> Told:
    key = ActionKey(entry.facts.get("key", ""))
    why = entry.facts.get("why") or entry.personal.get("why", ERASED)
    if key.startswith("order "):
        return "What a person ordered was not done", (why,)
    return f"{_ENDS[entry.kind]}: {effects.get(key, key)}", (why,)


_ENDS = {AuditKind.OVERTAKEN: "Called off", AuditKind.GIVEN_UP: "Given up"}


def _first_sight(entry: AuditEntry) -> Told:
    record, stage = entry.facts["record"], _stage(entry.facts["stage"])
    says = f"First seen in {_system(entry)}: {record}, at {stage}"
    old = entry.facts.get("born") == "false"
    return says, ("it was there before syncd was: nothing is enforced on that",) if old else ()


def _linked(entry: AuditEntry) -> Told:
    says = f"Linked with {_system(entry)} {entry.facts['record']}"
    by = (f"said by {entry.personal['by']}",) if "by" in entry.personal else ()
    return says, (why_linked(entry.facts["why"]), *by)


def _unlinked(entry: AuditEntry) -> Told:
    parted = f"{entry.facts['from']} and {entry.facts['now']} are two leads from here on"
    by = entry.personal.get("by", ERASED)
    return f"{by} unlinked {_system(entry)} {entry.facts['record']}", (parted,)


def _created(entry: AuditEntry) -> Told:
    record, stage = entry.facts["record"], _stage(entry.facts["stage"])
    return f"syncd created {_system(entry)} {record}, at {stage}", ()


def _overwrite(entry: AuditEntry, local: Local) -> Told:
    rule, field = entry.facts["rule"], FieldName(entry.facts["field"])
    was, now = (entry.personal.get(key, ERASED) for key in ("was", "is"))
    why: tuple[str, ...] = (why_written(rule),)
    if field == STAGE:
        return f"{_stage(was)} → {_stage(now)} in {_system(entry)}, by syncd", why
    change = f"{_value(was)} → {_value(now)}"
    edits = tuple(
        words
        for name, what in (("was", "replaced value"), ("came", "new value"))
        if (words := _entered(entry, name, what, local))
    )
    if "landed" in entry.facts:
        why = (*why, "its answer was lost, and the record was changed again before syncd looked")
    wrote = "perhaps wrote" if "landed" in entry.facts else "wrote"
    return f"syncd {wrote} {field_words(field)} in {_system(entry)}: {change}", (*why, *edits)


def _conflict(entry: AuditEntry, local: Local) -> Told:
    name = field_words(FieldName(entry.facts["field"]))
    values = tuple(
        f"{system.label}: {_value(entry.personal[system])}{_by(entry, system, local)}"
        for system in System
        if system in entry.personal
    )
    says = f"Both CRMs changed {name} differently"
    return says, (*values, how_decided(entry.facts["rule"]))


def _by(entry: AuditEntry, system: System, local: Local) -> str:
    """` (Rita Rep, Tue 3 Mar 14:05)`, where the CRM's history told."""
    at = entry.facts.get(f"{system}_at")
    if at is None:
        return ""
    who = entry.personal.get(f"{system}_by", "")
    when = local.words(datetime.fromisoformat(at))
    return f" ({', '.join(filter(None, (who, when)))})"


def _entered(entry: AuditEntry, name: str, what: str, local: Local) -> str:
    """When and by whom the value was entered, where that is known."""
    at, who = entry.facts.get(f"{name}_at"), entry.personal.get(f"{name}_by")
    if at is None:
        return ""
    by = f" by {who}" if who else ""
    return f"{what} entered {local.words(datetime.fromisoformat(at))}{by}"


def _resolved(entry: AuditEntry) -> Told:
    name = field_words(FieldName(entry.facts["field"]))
    values = tuple(
        f"{system.label}: {_value(entry.personal[system])}"
        for system in System
        if system in entry.personal
    )
    if "take" not in entry.facts:
        return f"The conflict about {name} is over: {entry.facts['why']}", values
    taken, by = System(entry.facts["take"]).label, entry.personal.get("by", ERASED)
    if entry.facts.get("why") == REPAIR_ORDERED:
        return f"{by} ordered: {taken} is right about {name}", values
    left = (f"nothing was written: {entry.facts['left']}",) if "left" in entry.facts else ()
    return f"{by} chose {taken} in the conflict about {name}", (*values, *left)


def _disagreement(entry: AuditEntry) -> Told:
    name = field_words(FieldName(entry.facts["field"]))
    return f"{name.capitalize()} was left as {_system(entry)} has it", (entry.facts["why"],)


def _finding(entry: AuditEntry) -> Told:
    name, seen = field_words(FieldName(entry.facts["field"])), entry.personal.get("seen", ERASED)
    says = f"{_system(entry)} {name} cannot be used: {_value(seen)}"
    return says, (f"what fits: {entry.facts['fits']}",)


def _grace(entry: AuditEntry, local: Local) -> Told:
    if entry.facts["ends"] == "withdrawn":
        return "The waiting move was taken back", ()
    ends = local.words(datetime.fromisoformat(entry.facts["ends"]))
    missing = entry.facts.get("unmet", "").replace(" ", ", ")
    return f"The move waits until {ends} for the record to be completed", (f"missing: {missing}",)


def _refused(entry: AuditEntry) -> Told:
    times = int(entry.facts["times"])
    return f"Refused at the {_gates(entry)} gate", (f"time {times} for this move",) * (times > 1)


def _flagged(entry: AuditEntry) -> Told:
    fixed = entry.facts.get("cannot_restore")
    details = (f"it cannot be moved back: {fixed}",) if fixed else ()
    return f"Flagged at the {_gates(entry)} gate", details


def _contested(entry: AuditEntry) -> Told:
    times = entry.facts["times"]
    return "Contested: frozen until a person releases it", (f"refused {times} times, made again",)


def _released(entry: AuditEntry) -> Told:
    return f"Released by {entry.personal.get('by', ERASED)}", ()


def _applied(entry: AuditEntry) -> Told:
    by = entry.personal.get("by", ERASED)
    return f"Written as the preview {entry.facts['plan']} showed it, by {by}", ()


def _held(entry: AuditEntry) -> Told:
    plan = entry.facts["plan"]
    return f"Held by the brake in {plan}", (f"look at it with `syncd plan show {plan}`",)


def _carried_on(entry: AuditEntry) -> Told:
    record, was = f"{_system(entry)} {entry.facts['record']}", entry.facts["was"]
    if entry.facts["why"] == "it came back":
        return f"{record} is there again", (f"it was {was}",)
    return f"{record} carries on", (f"{was} was {entry.facts['why']} into it",)


def _gone(entry: AuditEntry) -> Told:
    record, why = f"{_system(entry)} {entry.facts['record']}", entry.facts["why"]
    if why == LEFT_THE_BIN:
        kept = "nothing of that record is kept; the lead goes on without it"
        return f"{record} {why}", (kept,)
    return f"{record} is gone", (why,)


def _drifted(entry: AuditEntry) -> Told:
    record = f"{_system(entry)} {entry.facts['record']}"
    names = entry.facts["fields"].split()
    what = listed([field_words(FieldName(name)) for name in names], "and") if names else "itself"
    if entry.facts["drift"] == "missed":
        return f"{record} had changed ({what}), and polling had missed it", ("read again since",)
    return f"{record} had changed ({what}) without a new time stamp", ("found by reading it again",)


_TIMELESS: Mapping[AuditKind, Callable[[AuditEntry], Told]] = {
    AuditKind.FIRST_SIGHT: _first_sight,
    AuditKind.LINKED: _linked,
    AuditKind.UNLINKED: _unlinked,
    AuditKind.CREATED: _created,
    AuditKind.RESOLVED: _resolved,
    AuditKind.DISAGREEMENT: _disagreement,
    AuditKind.FINDING: _finding,
    AuditKind.REFUSED: _refused,
    AuditKind.FLAGGED: _flagged,
    AuditKind.CONTESTED: _contested,
    AuditKind.RELEASED: _released,
    AuditKind.HELD: _held,
    AuditKind.APPLIED: _applied,
    AuditKind.CARRIED_ON: _carried_on,
    AuditKind.GONE: _gone,
    AuditKind.DRIFTED: _drifted,
    **entries_handoff.TIMELESS,
}
_TIMED: Mapping[AuditKind, Callable[[AuditEntry, Local], Told]] = {
    AuditKind.OVERWRITE: _overwrite,
    AuditKind.CONFLICT: _conflict,
    AuditKind.GRACE: _grace,
    **entries_handoff.TIMED,
}


def _system(entry: AuditEntry) -> str:
    return System(entry.facts["system"]).label


def _gates(entry: AuditEntry) -> str:
    return " and ".join(_stage(gate) for gate in entry.facts["gates"].split())


def _stage(text: str) -> str:
    return stage_words(Stage(text)) if text in set(Stage) else text or "none"


def _value(text: str) -> str:
    return f"“{cut(text)}”" if text else NOTHING
