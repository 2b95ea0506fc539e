"""An assessment for programs: every check with its answer."""

from typing import Any, assert_never

from syncd.measure.assess.examine import Assessment, Result, Score
from syncd.measure.assess.finding import CannotSee, Gap, Sound
from syncd.measure.assess.sight import Sight


def answer(found: Assessment, sight: Sight) -> dict[str, Any]:
    return {
        "assessed_at": sight.now,
        "leads": len(sight.leads),
        "ambiguous_contacts": sight.ambiguous,
        "stage_map_guessed": sight.guessed,
        "score": _score(found.total),
        "groups": {str(group): _score(score) for group, score in found.groups.items()},
        "stage_map": [
            {"system": system, "values": dict(line.values), "stage": line.stage}
            for system, side in sight.crm.sides.items()
            for line in side.stages
        ],
        "first": [x.check.id for x in found.first],
        "checks": [_check(x) for x in found.results],
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "value": score.value,
        "sound": score.sound,
        "gaps": score.gaps,
        "cannot_see": score.unseen,
    }


def _check(result: Result) -> dict[str, Any]:
    check = result.check
    told = {"id": check.id, "group": check.group.value, "title": check.title, "why": check.why}
    match result.answer:
        case Sound(says=says):
            return {**told, "answer": "sound", "evidence": says}
        case CannotSee(why=why):
            return {**told, "answer": "cannot see", "evidence": why}
        case Gap() as gap:
            cost = {"amount": gap.cost.amount, "how": gap.cost.how} if gap.cost else None
            return {
                **told,
                "answer": "gap",
                "evidence": gap.says,
                "examples": gap.examples,
                "share": gap.rate.share if gap.rate else None,
                "of": gap.rate.n if gap.rate else None,
                "cost": cost,
                "fix": check.fix,
            }
        case _:
            assert_never(result.answer)
