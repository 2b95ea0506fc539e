"""What people say in Slack, as the demo's standard takes it. Restated by hand, like `standard`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time

from syncd.cli.demo.oracle.calendar import ZONE
from syncd.cli.demo.oracle.evidence import Evidence
from syncd.cli.demo.oracle.expected import Marked, MayMark
from syncd.cli.demo.oracle.fields import SALESFORCE
from syncd.cli.demo.oracle.trails import Person
from syncd.sandbox.people.clicking import Deed
from syncd.sandbox.slack.forms import Values

REJECTIONS = {
    "bad-timing": ("The time is not right for them", "nurture"),
    "not-ready": ("They are not ready to talk to sales", "nurture"),
    "no-answer": ("We could not reach them", "nurture"),
    "wrong-fit": ("They are not the kind of customer we serve", "disqualified"),
    "not-a-lead": ("A student, a vendor, a test or a wrong address", "disqualified"),
}
"""What each reason says, and where the lead goes."""
_RULES = {"sql:budget-at-least-10k": "The budget is at least 10,000"}


def deeds_of(person: Person, evidence: Evidence) -> Mapping[int, Sequence[Deed]]:
    """What was done about a lead, by the number of the look it came just before."""
    numbers = {at: number for number, at in enumerate(evidence.looks)}
    found: dict[int, list[Deed]] = defaultdict(list)
    for deed in evidence.deeds:
        if deed.intent.lead_id == person.id:
            found[numbers[deed.at]].append(deed)
    return found


def rejection(form: Values) -> tuple[str, str, datetime | None]:
    """Where it goes, the reason's words, and until when it sleeps."""
    says, stage = REJECTIONS[str(form["reason"])]
    until = form.get("until")
    wakes = datetime.combine(date.fromisoformat(str(until)), time(), ZONE) if until else None
    return stage, says, wakes and wakes.astimezone(UTC)


def waiver_shown(
    person: Person, evidence: Evidence, asked: Sequence[str], at: datetime
) -> tuple[MayMark, Marked]:
    """What was granted is shown on the Salesforce record, for rules that the org has of its own."""
    latest = evidence.latest(SALESFORCE, at)
    shown = (name.replace(":", "/") for name, says in _RULES.items() if says in asked)
    return MayMark(lead=person.id, earliest=at, latest=latest), Marked(
        lead=person.id, system=SALESFORCE, mark="waived", says=tuple(shown), since=at, by=latest
    )


def waived_rules(form: Values) -> tuple[str, ...]:
    """The requirements that a form asks to waive, in the standard's words."""
    return tuple(_RULES[name] for name in form.get("rules", ()))
