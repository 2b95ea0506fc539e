"""The part of the document that comes from the policy: promises, who holds a lead, exceptions,
and what happens at each gate. None of it is under the signatures."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from syncd.compile.document import Bullets, Clause, Section, Table, Text
from syncd.compile.document_rules import stage_name
from syncd.compile.words import condition_words, mode_words, span_phrase
from syncd.core.value_words import counted, listed, plain
from syncd.domain.calendar import Calendar, Span
from syncd.domain.names import RuleId
from syncd.domain.policy import AcceptNeeds, Ladder, Mode, Policy, Segment
from syncd.domain.stage import Stage
from syncd.domain.standard import Rule, RulePoints, Scoring, Standard

_MODES: Mapping[Mode, str] = {
    Mode.OBSERVE: "is recorded, and goes on",
    Mode.FLAG: "is marked on the record and told in Slack, and goes on",
    Mode.BLOCK: "is taken back in every CRM, with a note on the record and a message to whoever "
    "made it: what is missing, what was seen, what is needed and how to fix it",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def modes_section(standard: Standard, policy: Policy) -> Section:
    rows = tuple(_mode_row(gate, policy) for gate in standard.gates)
    return Section(
        anchor="modes",
        title="What happens to a move that does not meet the standard",
        is_signed=False,
        blocks=(
            Table(
                caption="Each gate, and how firmly it is held",
                head=("Gate", "Mode", "A move that fails"),
                rows=rows,
            ),
            Bullets(
                (
                    f"It first waits for {_minutes(policy)}, so that the record can be completed.",
                    "Only a certain failure counts: where a field cannot be read, nothing is "
                    "taken back.",
                    "Converted leads and those with an open deal are never moved back: they are "
                    "marked, and somebody is told.",
                    "While this document lacks a signature, or is past its review, every gate "
                    "marks at most.",
                )
            ),
        ),
    )


def _mode_row(gate: Stage, policy: Policy) -> tuple[str, str, str]:
    mode, later = policy.modes.get(gate, Mode.OBSERVE), ""
    if gate in policy.unpreviewed:
        mode, later = Mode.FLAG, f"; later it {_MODES[Mode.BLOCK]}"
    return stage_name(gate), mode_words(gate, policy), f"{_MODES[mode]}{later}"


def _minutes(policy: Policy) -> str:
    minutes = policy.grace.total_seconds() / 60
    return counted(round(minutes), "minute")


def below_section(standard: Standard, policy: Policy) -> Section:
    """Whose a lead is that has not got there, and what would lift it over."""
    whose = Table(
        caption="Whose a lead is",
        head=("A lead that", "Belongs to", "What would lift it over"),
        rows=(
            (
                "has not met the MQL gate",
                "marketing, which goes on warming it up",
                "meeting what the MQL gate asks for: each requirement says how",
            ),
            *_band_rows(standard),
            (
                "is MQL, and not accepted yet",
                "sales, from the moment it is offered, within the promises below",
                "accepting it, or giving it back with a reason",
            ),
            (
                "is accepted, and has not met the SQL gate",
                "the salesperson who owns it",
                "meeting what the SQL gate asks for: each requirement says how",
            ),
            (
                "was given back, or not accepted in time",
                _nurturer(policy),
                _return(policy),
            ),
        ),
    )
    return Section(
        anchor="below-the-line",
        title="Below the line",
        is_signed=False,
        blocks=(
            Text("Every lead is somebody's at every moment, also the one that is not ready."),
            whose,
        ),
    )


def _band_rows(standard: Standard) -> Iterator[tuple[str, str, str]]:
    """Each band but the highest, and points enough to leave it from its lower end."""
    scoring = standard.scoring
    if scoring is None:
        return
    for band, above in pairwise(scoring.bands):
        on_list = f", on the list {band.nurture_list}" if band.nurture_list else ""
        gap = above.minimum - band.minimum
        yield (
            f"scores as {band.name}: below {plain(above.minimum)} points",
            f"marketing, until it is offered{on_list}",
            f"at most {plain(gap)} points more make it {above.name}: "
            f"{_enough(gap, scoring, standard.rules)}",
        )


def _enough(gap: Decimal, scoring: Scoring, rules: Mapping[RuleId, Rule]) -> str:
    """The fewest parts that together give so many points."""
    named, total = [], Decimal()
    for part in sorted(scoring.points, key=lambda x: -x.points):
        if total >= gap or part.points <= 0:
            break
        words = rules[part.rule].says if isinstance(part, RulePoints) else part.name
        named.append(f"{words} (+{plain(part.points)})")
        total += part.points
    return f"for example {'; '.join(named)}" if named else "nothing gives points"


def _nurturer(policy: Policy) -> str:
    owner = policy.recycle.owner
    return (
        f"marketing again; its owner becomes {owner}"
        if owner
        else "marketing again; its owner stays"
    )


def _return(policy: Policy) -> str:
    rules = policy.recycle
    points = (
        f" and {plain(rules.requalify_points)} points for something new it does"
        if rules.requalify_points
        else ""
    )
    return (
        f"{span_phrase(rules.cool_off)} of rest{points}, then the MQL gate again; after "
        f"{counted(rules.most_cycles, 'round')} it goes to {rules.retire_to}"
    )


def promises_section(policy: Policy) -> Section:
    intro = Text(
        "A lead that becomes MQL is offered to sales, and this is what sales promises for it: "
        "the first of these that the lead belongs to. Business time is that of the calendar "
        "named; it stands still at night, on days off and on public holidays."
    )
    calendars = {x.calendar.name: x.calendar for x in policy.segments}
    return Section(
        anchor="promises",
        title="What sales promises for an MQL",
        is_signed=False,
        blocks=(
            intro,
            *(_promise(x) for x in policy.segments),
            *(Text(_calendar_words(x)) for x in calendars.values()),
        ),
    )


def _promise(segment: Segment) -> Clause:
    named = (
        ("Somebody owns it within", segment.assign_within),
        ("Accepted or given back within", segment.accept_within),
        ("First touch within", segment.touch_within),
        ("Settled within", segment.dispose_within),
    )
    who = condition_words(segment.when) if segment.when else "all others"
    lines: list[tuple[str, str]] = [("For", f"leads of which {who}" if segment.when else who)]
    lines += [(label, span_phrase(span)) for label, span in named if span is not None]
    if segment.accept_needs is AcceptNeeds.ACTIVITY:
        lines.append(("Accepting takes", "a call, a mail or a meeting; saying yes is not enough"))
    lines += _ladder(segment.ladder)
    return Clause(
        title=segment.name.replace("-", " "), mark=segment.calendar.name, lines=tuple(lines)
    )


def _ladder(ladder: Ladder) -> Iterator[tuple[str, str]]:
    yield "Warned", f"after {round(ladder.warn_at * 100)} % of the time"
    rungs: tuple[tuple[str, Span | None, str], ...] = (
        ("Escalated", ladder.escalate_after, ""),
        ("Given to somebody else", ladder.reassign_after, f": {listed(ladder.reassign_to, 'or')}"),
        ("Back to marketing", ladder.recycle_after, ""),
    )
    for label, span, more in rungs:
        if span is not None:
            yield label, f"{span_phrase(span)} after the deadline{more}"


def _calendar_words(calendar: Calendar) -> str:
    shifts: dict[str, list[str]] = {}
    for day, hours in sorted(calendar.hours.items()):
        times = listed([f"{_clock(a)}–{_clock(b)}" for a, b in hours], "and")
        shifts.setdefault(times, []).append(_DAYS[day])
    words = "; ".join(f"{listed(days, 'and')} {times}" for times, days in shifts.items())
    return f"Calendar {calendar.name} ({calendar.time_zone}): {words}."


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24 if minute != 24 * 60 else 24:02}:{minute % 60:02}"


def waiver_section(policy: Policy) -> Section:
    who = listed(policy.approvers, "or") if policy.approvers else policy.waivable_by
    return Section(
        anchor="exceptions",
        title="Exceptions",
        is_signed=False,
        blocks=(
            Text(
                "No rule fits everything. An exception is a named person's, for one lead, one "
                "gate and one round through the funnel:"
            ),
            Bullets(
                (
                    "Whoever needs it asks in Slack, under the message about the move, or with "
                    "the command syncd waive: for which rules, why, until when.",
                    f"It is granted by {who}. Reps are told to turn to {policy.waivable_by}.",
                    "The lead is judged again at once; a move that was taken back may then be "
                    "made again.",
                    "It ends on its day, and in any case when the lead goes back to marketing. "
                    "It never stops a clock.",
                    "Every one is kept with its reason, and counted in every report.",
                )
            ),
        ),
    )
