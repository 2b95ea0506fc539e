"""Laws about counting: rows kept in step are the rows that counting from the start makes."""

from collections.abc import Iterator, Mapping
from typing import Any

from evidence import Evidence

from syncd.adapters.store.facts import read_facts
from syncd.adapters.store.store import SqlStore
from syncd.domain.names import FieldName
from syncd.jobs.count import count

_KEYS = {"rounds": ("lead_id", "cycle"), "moves": ("lead_id", "at", "gate", "treatment")}
_Rows = Mapping[tuple[Any, ...], Mapping[str, Any]]


def rows_are_in_step(e: Evidence) -> Iterator[str]:
    store, by = e.town.store.living, e.town.worker._pair.rules.counted_by()
    count(store, by)
    kept = _rows(store)
    store.count_by((FieldName("nothing"),))
    count(store, by)
    for name, rows in _rows(store).items():
        for key in sorted(rows.keys() | kept[name].keys(), key=str):
            if rows.get(key) != kept[name].get(key):
                yield f"{name} {key}: kept {kept[name].get(key)}, counted anew {rows.get(key)}"


def rounds_are_those_of_living_leads(e: Evidence) -> Iterator[str]:
    """Each lead has its first round, and none that it has not begun."""
    found = _rows(e.town.store.living)["rounds"]
    for lead_id, story in e.stories.items():
        cycles = sorted(cycle for x, cycle in found if x == lead_id)
        if cycles[:1] != [1] or cycles[-1] > story.lead.cycle:
            yield f"{lead_id} is in round {story.lead.cycle}, counted are {cycles}"


def nothing_blocked_is_reached(e: Evidence) -> Iterator[str]:
    """A lead whose every move into sql was blocked did not reach it."""
    rows = _rows(e.town.store.living)
    for (lead_id, cycle), row in rows["rounds"].items():
        into = [x for key, x in rows["moves"].items() if key[0] == lead_id and x["gate"] == "sql"]
        own = [x for x in into if x["cycle"] == cycle]
        if own and row["sql_at"] and all(x["treatment"] == "blocked" for x in own):
            yield f"{lead_id} reached sql in round {cycle}, though each move was blocked"


def _rows(store: SqlStore) -> Mapping[str, _Rows]:
    facts = read_facts(store, {})
    frames = {"rounds": facts.rounds, "moves": facts.moves}
    return {
        name: {tuple(row[x] for x in _KEYS[name]): row for row in frame.iter_rows(named=True)}
        for name, frame in frames.items()
    }
