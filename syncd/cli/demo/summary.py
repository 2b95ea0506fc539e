"""What a demo came to, as values: printed as JSON or for people."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from syncd.cli.demo.oracle.audit import Verdict
from syncd.cli.demo.oracle.finding import Finding
from syncd.sandbox.journal import ActorKind, System
from syncd.sandbox.people.scenario import Scenario
from syncd.sandbox.world import World

_CRMS = (System.SALESFORCE, System.HUBSPOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`moves` counts people's moves by what became of them, `answers` what they clicked in
    Slack, `edits` is by who made them."""

    seed: int
    mode: str
    leads: int
    starts: datetime
    ends: datetime
    cycles: int
    moves: Mapping[str, int]
    messages: Mapping[str, int]
    answers: Mapping[str, int]
    edits: Mapping[str, int]
    requests: Mapping[str, int]
    seconds: float
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not self.findings

    def as_json(self) -> dict[str, object]:
        return {
            "ok": self.ok,
            "seed": self.seed,
            "mode": self.mode,
            "leads": self.leads,
            "simulated": {"from": self.starts.isoformat(), "to": self.ends.isoformat()},
            "cycles": self.cycles,
            "moves": dict(sorted(self.moves.items())),
            "messages": dict(sorted(self.messages.items())),
            "answers": dict(sorted(self.answers.items())),
            "edits": dict(self.edits),
            "requests": dict(self.requests),
            "seconds": round(self.seconds, 1),
            "findings": [
                {
                    "check": finding.check,
                    "lead": finding.lead,
                    "at": finding.at.isoformat(),
                    "expected": finding.expected,
                    "got": finding.got,
                }
                for finding in self.findings
            ],
        }


def edits_by(world: World) -> Mapping[str, int]:
    """Changed fields in both CRMs, by who changed them."""
    count = Counter(
        "syncd" if entry.actor.kind is ActorKind.API else "others"
        for entry in world.journal
        if entry.system in _CRMS and not entry.field.startswith("+")
    )
    return {"others": count["others"], "syncd": count["syncd"]}


def requests_to(world: World) -> Mapping[str, int]:
    return {system.value: world.requests.count(system) for system in System}


def summary_of(
    verdict: Verdict,
    scenario: Scenario,
    *,
    seed: int,
    mode: str,
    run: tuple[datetime, ...],
    seconds: float,
) -> Summary:
    """`run` holds the instants of all looks."""
    return Summary(
        seed=seed,
        mode=mode,
        leads=verdict.leads,
        starts=run[0],
        ends=run[-1],
        cycles=len(run),
        moves=verdict.treatments,
        messages=verdict.messages,
        answers=Counter(deed.intent.button for deed in scenario.clicks.done),
        edits=edits_by(scenario.world),
        requests=requests_to(scenario.world),
        seconds=seconds,
        findings=verdict.findings,
    )


def as_text(summary: Summary) -> str:
    """The summary for people, ending with the audit's result."""
    rows = [
        ("simulated", f"{summary.starts:%a %d %b %H:%M} to {summary.ends:%a %d %b %H:%M} UTC"),
        ("leads", f"{summary.leads:,}, mode {summary.mode}, seed {summary.seed}"),
        ("moves", _counts(summary.moves)),
        ("messages", _counts(summary.messages)),
        ("answers in Slack", _counts(summary.answers)),
        ("fields changed", _counts(summary.edits)),
        ("API requests", f"{_counts(summary.requests)}, over {summary.cycles:,} cycles"),
        ("real time", f"{summary.seconds:.0f} s"),
    ]
    width = max(len(label) for label, _ in rows)
    lines = [f"{label:<{width}}  {text}" for label, text in rows]
    return "\n".join([*lines, "", *_result(summary)])


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in sorted(counts.items())) or "none"


def _result(summary: Summary) -> list[str]:
    if summary.ok:
        return ["audit: 0 findings. Every move, deadline, edit and message is accounted for."]
    count = len(summary.findings)
    return [*map(str, summary.findings), f"audit: {count} finding{'' if count == 1 else 's'}"]
