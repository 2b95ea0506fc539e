"""The audit: everything expected is there once, and nothing else is.

Each check yields findings; none at all is what the demo is for.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from syncd.cli.demo.oracle.edits import misplaced, settle_all
from syncd.cli.demo.oracle.evidence import Evidence
from syncd.cli.demo.oracle.expected import Expected, Told
from syncd.cli.demo.oracle.finding import Finding
from syncd.cli.demo.oracle.funnel import Funnel
from syncd.cli.demo.oracle.told import Line, Note, lines, notes
from syncd.cli.demo.oracle.trails import Person, people
from syncd.cli.demo.oracle.written import check_marks, check_writes

_CHANNELS = {
    "handoff": "sales",
    "sla-warning": "sales",
    "sla-breach": "sales",
    "blocked": "sales",
    "qualifies": "sales",
    "recycled": "marketing",
}
_SPELL = 3  # looks: a shorter outage need not be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the audit came to; `treatments` counts moves by what should become of them."""

    leads: int
    treatments: Mapping[str, int]
    messages: Mapping[str, int]
    findings: tuple[Finding, ...]


def audit(evidence: Evidence) -> Verdict:
    everybody = people(evidence.world.journal)
    expected = {person.id: _expected(person, evidence) for person in everybody}
    said = lines(evidence.world, everybody)
    findings = chain(
        *(_unclear(person.id, expected[person.id]) for person in everybody),
        *(check_writes(person, expected[person.id], evidence) for person in everybody),
        *(check_marks(person, expected[person.id], evidence) for person in everybody),
        *(misplaced(p, evidence, settle_all(p, evidence)) for p in everybody),
        _check_notes(expected.values(), notes(evidence.world), evidence),
        _check_told([*_all_told(expected), *_blindness(evidence)], said, evidence),
    )
    return Verdict(
        leads=len(everybody),
        treatments=Counter(t for x in expected.values() for t in x.treatments),
        messages=Counter(line.kind for line in said),
        findings=tuple(sorted(findings, key=lambda finding: (finding.at, finding.lead))),
    )


def _expected(person: Person, evidence: Evidence) -> Expected:
    expected = Funnel(person=person, evidence=evidence).run()
    for settled in settle_all(person, evidence).values():
        expected.fields.extend(settled.writes)
    return expected


def _unclear(lead: str, expected: Expected) -> Iterator[Finding]:
    """The scenario must leave no move between right and wrong: that would be luck, not proof."""
    for what, at in expected.unclear:
        yield Finding(
            check="the scenario is clear", lead=lead, at=at, expected="a clear case", got=what
        )


# --- notes -------------------------------------------------------------------------------


def _check_notes(
    expected: Iterable[Expected], written: list[Note], evidence: Evidence
) -> Iterator[Finding]:
    left = list(written)
    for wanted in (note for each in expected for note in each.notes):
        found = next(
            (
                note
                for note in left
                if (note.system, note.record_id) == (wanted.system, wanted.record_id)
                and wanted.earliest <= note.at <= wanted.latest
            ),
            None,
        )
        if found is None:
            if wanted.latest <= evidence.end:
                yield _missing(
                    "a blocked move is explained by one note", wanted.lead, wanted.latest
                )
            continue
        left.remove(found)
        if lacking := [words for words in wanted.naming if words not in found.text]:
            yield Finding(
                check="a note names what is missing",
                lead=wanted.lead,
                at=found.at,
                expected="; ".join(lacking),
                got=found.text,
            )
    for note in left:
        yield Finding(
            check="no other notes", lead=note.record_id, at=note.at, expected="none", got=note.text
        )


def _missing(check: str, lead: str, at: datetime) -> Finding:
    return Finding(check=check, lead=lead, at=at, expected="one", got="none in time")


# --- messages ----------------------------------------------------------------------------


def _all_told(expected: Mapping[str, Expected]) -> list[Told]:
    return [told for each in expected.values() for told in each.told]


def _blindness(evidence: Evidence) -> Iterator[Told]:
    for outage in evidence.outages:
        if outage.end - outage.start > _SPELL * (evidence.looks[1] - evidence.looks[0]):
            yield Told(lead="", kind="blind", earliest=outage.start, latest=outage.end)


def _check_told(wanted: list[Told], said: list[Line], evidence: Evidence) -> Iterator[Finding]:
    yield from _doubled(said)
    left: dict[str, list[Line]] = defaultdict(list)
    for line in said:
        left[line.kind].append(line)
    for told in sorted(wanted, key=lambda x: x.latest):
        found = _line_for(told, left[told.kind])
        if found is None:
            if told.latest <= evidence.end and not told.superseded:
                yield _missing(f"people are told: {told.kind}", told.lead, told.latest)
            continue
        left[told.kind].remove(found)
        yield from _check_line(told, found)
    for line in chain(*left.values()):
        yield Finding(
            check="no other messages",
            lead=" ".join(sorted(line.leads or ())),
            at=line.at,
            expected=f"no {line.kind}",
            got=line.key,
        )


def _doubled(said: list[Line]) -> Iterator[Finding]:
    first: dict[str, Line] = {}
    for line in said:
        if first.setdefault(line.key, line) is not line:
            lead = " ".join(sorted(line.leads or ()))
            yield Finding(
                check="no message twice", lead=lead, at=line.at, expected="one", got=line.key
            )


def _line_for(told: Told, left: list[Line]) -> Line | None:
    """The message about this lead, else one of a list too long to name it."""
    in_time = [line for line in left if told.earliest <= line.at <= told.latest]
    named = (x for x in in_time if x.leads is not None and (not told.lead or told.lead in x.leads))
    return next(named, None) or next((x for x in in_time if x.leads is None), None)


def _check_line(told: Told, line: Line) -> Iterator[Finding]:
    channel = _CHANNELS.get(told.kind, "sales" if told.of_handoff else "revops")
    if line.channel != channel:
        yield Finding(
            check="the right people are told",
            lead=told.lead,
            at=line.at,
            expected=f"{told.kind} in {channel}",
            got=line.channel,
        )
    if line.text and (lacking := [words for words in told.naming if words not in line.text]):
        yield Finding(
            check="a message names what is missing",
            lead=told.lead,
            at=line.at,
            expected="; ".join(lacking),
            got=line.text,
        )
