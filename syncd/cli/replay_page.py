"""What `syncd plan --since` prints: moves of the past, as the standard of today would have them."""

from collections.abc import Iterator, Mapping, Sequence

from syncd.cli.plan_page import to_block
from syncd.core.replay import Fate, Replayed
from syncd.core.value_words import counted
from syncd.measure.replayed import Fates, ReplayCounts

_COLUMNS = (Fate.PASSED, Fate.OBSERVED, Fate.FLAGGED, Fate.BLOCKED, Fate.UNKNOWN)
_MOST = 15


def replay_page(counts: ReplayCounts, version: str, checksums: Mapping[str, str]) -> str:
    return "\n".join(
        (
            f"{counted(counts.moves, 'move')} through a gate since {counts.since:%Y-%m-%d %H:%M} "
            f"UTC, judged by the standard {version} as it is now; nothing was written.",
            *_table("by gate", counts.by_gate),
            *_rules(counts),
            *_table("by team held to the gate", counts.by_team),
            *_table("by side the move was made on", counts.by_side),
            *_table("by owner", counts.by_owner),
            *_table("by source", counts.by_source),
            *_doubts(counts),
            *to_block(checksums),
        )
    )


def replay_json(
    counts: ReplayCounts, moves: Sequence[Replayed], checksums: Mapping[str, str]
) -> Mapping[str, object]:
    return {
        "since": counts.since,
        "moves": counts.moves,
        "fates": _named(counts.fates),
        "by_gate": {k: _named(v) for k, v in counts.by_gate.items()},
        "by_rule": counts.by_rule(),
        "by_team": {k: _named(v) for k, v in counts.by_team.items()},
        "by_side": {k: _named(v) for k, v in counts.by_side.items()},
        "by_owner": {k: _named(v) for k, v in counts.by_owner.items()},
        "by_source": {k: _named(v) for k, v in counts.by_source.items()},
        "judged_as_of_now": {"moves": counts.doubtful, "by_field": counts.of_now},
        "each": [_move(x) for x in moves],
        "to_block": checksums,
    }


def _move(x: Replayed) -> Mapping[str, object]:
    return {
        "system": x.move.system,
        "record": x.move.record_id,
        "from": x.move.from_stage,
        "to": x.move.to_stage,
        "at": x.move.at,
        "by": x.move.actor.kind,
        "fate": x.fate,
        "by_gate": x.by_gate,
        "unmet": x.unmet,
        "as_of_now": x.of_now,
    }


def _named(fates: Fates) -> Mapping[str, int]:
    return {fate.value: fates[fate] for fate in _COLUMNS}


def _table(title: str, rows: Mapping[str, Fates]) -> Iterator[str]:
    if not rows:
        return
    ranked = sorted(rows.items(), key=lambda x: (-x[1].total(), x[0]))
    yield ""
    yield f"{title:<34}{'moves':>8}" + "".join(f"{x.value:>13}" for x in _COLUMNS)
    for name, fates in ranked[:_MOST]:
        cells = "".join(f"{fates[x] or '-':>13}" for x in _COLUMNS)
        yield f"  {name[:31]:<32}{fates.total():>8,}{cells}"
    if len(ranked) > _MOST:
        yield f"  and {len(ranked) - _MOST:,} more; --json has them all"


def _rules(counts: ReplayCounts) -> Iterator[str]:
    found = counts.by_rule()
    if found:
        yield ""
        yield f"{'by rule':<34}{'unmet':>8}{'the only one':>14}"
    for rule, x in found.items():
        yield f"  {rule[:31]:<32}{x.unmet:>8,}{x.alone or '-':>14}"


def _doubts(counts: ReplayCounts) -> Iterator[str]:
    yield ""
    if counts.doubtful:
        fields = ", ".join(f"{name} ({n:,})" for name, n in counts.of_now.most_common())
        yield (
            f"As of now: {counted(counts.doubtful, 'move')} judged with values of today, for "
            f"Salesforce keeps no history of these fields: {fields}. Track them (Setup > Object "
            "Manager > Lead > Fields > Set History Tracking), and the next replay knows better."
        )
    yield (
        "Not counted: waivers, rounds of recycling and the time to complete a record (`grace`). "
        "Modes are taken as policy.yaml writes them, whether the standard is signed or not."
    )
