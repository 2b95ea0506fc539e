"""Make the domain's gates of config/standard.yaml: everybody's, and those of a variant.

Every problem is added to the file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from syncd.domain.names import RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import BandName, Gate, SomeOf
from syncd.settings.fitting import Fitted
from syncd.settings.problem import Path, did_you_mean
from syncd.settings.standard_file import GatePart, StandardFile

ALWAYS_GUARDED = (Stage.MQL, Stage.SQL)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateBuilder:
    """`is_scored` tells whether the leads held to these gates have a score."""

    file: Fitted[StandardFile]
    is_scored: bool

    def everybodys(self, gates: Mapping[Stage, GatePart]) -> dict[Stage, Gate]:
        for stage in ALWAYS_GUARDED:
            if stage not in gates and stage not in self.file.source.names("gates"):
                what = f'the gate "{stage}" is missing'
                self.file.lacks(("gates",), what, f"add {stage} with its rules")
        return self.built(gates)

    def built(self, gates: Mapping[Stage, GatePart]) -> dict[Stage, Gate]:
        return {stage: self._gate(stage, part) for stage, part in gates.items()}

    def _gate(self, stage: Stage, part: GatePart) -> Gate:
        if stage.rank == 0:
            what = f'"{stage}" is the bottom of the funnel: nothing guards the way down'
            self.file.fault(part.at(), what, "guard lead, mql, sal, sql or later", on_key=True)
        if not part.all and part.any is None and part.score is None:
            what = "the gate asks for nothing"
            self.file.lacks(part.at(), what, "name rules under all or any, or a score")
        if part.score and not self.is_scored:
            what = "the gate asks for a score, and none is defined"
            self.file.fault(part.at("score"), what, "add score: with points and bands", bare=True)
        rules_exist(part.at("all"), part.all, self.file)
        return Gate(
            stage=stage,
            all=tuple(map(RuleId, part.all)),
            any=self._some_of(part),
            score=BandName(part.score) if part.score else None,
        )

    def _some_of(self, part: GatePart) -> SomeOf | None:
        some = part.any
        if some is None:
            return None
        rules_exist(some.at("of"), some.of, self.file)
        if some.at_least > len(some.of):
            what = f"at least {some.at_least} of {len(some.of)} rules can never be met"
            self.file.fault(some.at("at_least"), what, f"write {len(some.of)} or less", bare=True)
        return SomeOf(at_least=some.at_least, of=tuple(map(RuleId, some.of)))


def rules_exist(path: Path, names: Iterable[str], file: Fitted[StandardFile]) -> None:
    """Each is a rule of the file, and named once."""
    seen: set[str] = set()
    for number, name in enumerate(names):
        rule_exists((*path, number), name, file)
        if name in seen:
            what = f'"{name}" is named twice'
            file.fault((*path, number), what, "keep it once", bare=True)
        seen.add(name)


def rule_exists(path: Path, name: str, file: Fitted[StandardFile]) -> None:
    known = _written_ids(file)
    if name not in known:
        what = f'unknown rule "{name}"'
        file.fault(path, what, did_you_mean(name, known), bare=True)


def _written_ids(file: Fitted[StandardFile]) -> frozenset[str]:
    """Every rule id in the file, those of faulty rules included."""
    tree = file.source.tree
    rules = tree.get("rules") if tree else None
    items = rules if isinstance(rules, list) else []
    ids = (item.get("id") for item in items if isinstance(item, dict))
    return frozenset(name for name in ids if isinstance(name, str))
