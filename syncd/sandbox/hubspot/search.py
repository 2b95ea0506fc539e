"""The search index: runs a query against the portal as it was one index delay ago.

An incremental search looks only at what changed since; a page of a long result
is cut from the result kept from the page before. Archived records never appear.
"""

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from syncd.sandbox.hubspot.kinds import Kind, infer
from syncd.sandbox.hubspot.portal import Portal
from syncd.sandbox.hubspot.predicate import Predicate, getter_of, operand, predicate, reader_of
from syncd.sandbox.hubspot.query import CONFUSED, Filter, Operator, Query, Sort
from syncd.sandbox.hubspot.reading import is_number
from syncd.sandbox.hubspot.record import Record, Version
from syncd.sandbox.hubspot.refusals import BadRequest
from syncd.sandbox.hubspot.table import Table

KEPT_RESULTS = 16
SEARCHABLE = ("firstname", "lastname", "email", "phone", "company", "name", "domain", "dealname")

_ID = "hs_object_id"
_ID_BOUNDS = frozenset({Operator.GT, Operator.GTE, Operator.LT, Operator.LTE})
_EXACT = frozenset({Operator.EQ, Operator.IN})

Group = tuple[Filter, ...]
Hit = tuple[Record, Version]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page; `total` counts the whole result, also beyond what can be paged to."""

    total: int
    hits: Sequence[Hit]


class SearchIndex:
    """Everything search knows of a portal; kept results are dropped when anything visible moves."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._kept: OrderedDict[Hashable, list[int]] = OrderedDict()

    def search(self, kind: Kind, query: Query) -> Found:
        """Raises BadRequest for a property or an operand that makes no sense."""
        view = _View(self._portal, kind)
        ids = self._keep(
            (view.mark, query.groups, query.words, query.sort),
            lambda: self._ordered(view, query),
        )
        page = ids[query.offset : query.offset + query.limit]
        return Found(total=len(ids), hits=[view.hit(record_id) for record_id in page])

    def _ordered(self, view: "_View", query: Query) -> list[int]:
        results = [self._bounded(view, group, query.words) for group in query.groups or ((),)]
        ids = results[0] if len(results) == 1 else sorted(set().union(*results))
        return ids if query.sort is None else view.sort(ids, query.sort)

    def _bounded(self, view: "_View", group: Group, words: str) -> list[int]:
        """Bounds on the id are cut from the sorted result of the group's other filters."""
        bounds = [f for f in group if f.property == _ID and f.operator in _ID_BOUNDS]
        rest = tuple(f for f in group if f not in bounds)
        ids = self._keep((view.mark, rest, words), lambda: view.matching(rest, words))
        for bound in bounds:
            ids = _cut(ids, bound)
        return ids

    def _keep(self, key: Hashable, find: Callable[[], list[int]]) -> list[int]:
        if key not in self._kept:
            self._kept[key] = find()
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT_RESULTS:
            self._kept.popitem(last=False)
        return self._kept[key]


class _View:
    """One kind of record as the index shows it at this moment."""

    def __init__(self, portal: Portal, kind: Kind) -> None:
        self._web = portal.web
        self._kind = kind
        self._table: Table = portal.tables[kind]
        self._at = portal.indexed_ms()
        self.mark = (
            kind.name,
            self._table.position(self._at),
            self._table.vanished,
            self._web.revision,
        )

    def hit(self, record_id: int) -> Hit:
        record = self._table.records[record_id]
        version = record.as_of(self._at)
        assert version is not None  # it was found at this very instant
        return record, version

    def matching(self, group: Group, words: str) -> list[int]:
        """Ids in ascending order, that is oldest record first."""
        holds = [self._predicate(wanted) for wanted in group]
        if words:
            holds.append(lambda version: _mentions(version, words))
        return sorted(
            record_id
            for record_id in self._candidates(group)
            if (version := self._visible(record_id)) and all(hold(version) for hold in holds)
        )

    def sort(self, ids: Iterable[int], sort: Sort) -> list[int]:
        """Equal keys come in no order worth relying on, as the vendor promises none."""
        if sort.property in (_ID, self._kind.created):
            return sorted(ids, reverse=sort.descending)
        definition = self._table.properties.get(sort.property)
        if definition is None:
            raise BadRequest(CONFUSED)
        get = getter_of(self._kind, definition)
        keys = {record_id: get(self.hit(record_id)[1]) for record_id in ids}
        scattered = sorted(keys, key=lambda record_id: record_id * 2_654_435_761 % 2**32)
        valued = [record_id for record_id in scattered if keys[record_id] is not None]
        blank = [record_id for record_id in scattered if keys[record_id] is None]
        valued.sort(key=lambda record_id: keys[record_id], reverse=sort.descending)  # type: ignore[arg-type,return-value]  # one property, one type
        return valued + blank

    def _visible(self, record_id: int) -> Version | None:
        record = self._table.live(record_id)
        return None if record is None else record.as_of(self._at)

    def _predicate(self, wanted: Filter) -> Predicate:
        if wanted.property.startswith("associations."):
            linked = self._linked(wanted)
            return lambda version: int(version.values[_ID]) in linked
        definition = self._table.properties.get(wanted.property)
        if definition is None:
            raise BadRequest(CONFUSED)
        return predicate(self._kind, wanted, definition)

    def _candidates(self, group: Group) -> Iterable[int]:
        """The smallest set the group's filters lead to directly, without repeats."""
        for wanted in group:
            if wanted.property.startswith("associations."):
                return self._linked(wanted)
            if wanted.operator in _EXACT and wanted.property in (_ID, "email"):
                return self._named(wanted)
        changed = self._changed_within(group)
        return self._table.ids if changed is None else changed

    def _named(self, wanted: Filter) -> set[int]:
        texts = wanted.values if wanted.operator is Operator.IN else (wanted.value,)
        if wanted.property == _ID:
            return {int(text) for text in texts if is_number(text)}
        return {record_id for text in texts for record_id in self._table.ever_with_email(text)}

    def _linked(self, wanted: Filter) -> set[int]:
        other = infer(wanted.property.partition(".")[2])
        if other is None or wanted.operator not in _EXACT:
            raise BadRequest(CONFUSED)
        texts = wanted.values if wanted.operator is Operator.IN else (wanted.value,)
        return {
            record_id
            for text in texts
            if is_number(text)
            for record_id in self._web.links(other, int(text), self._kind)
        }

    def _changed_within(self, group: Group) -> set[int] | None:
        """Records changed at or after the filters' lower bound on the modification stamp."""
        stamp = self._table.properties[self._kind.modified]
        lows = [
            int(operand(wanted.value, reader_of(stamp)))
            for wanted in group
            if wanted.property == stamp.name
            and wanted.operator in (Operator.GT, Operator.GTE, Operator.BETWEEN, Operator.EQ)
        ]
        return set(self._table.touched(max(lows), self._at)) if lows else None


def _cut(ids: list[int], bound: Filter) -> list[int]:
    try:
        edge = int(bound.value)
    except ValueError as error:
        raise BadRequest(CONFUSED) from error
    match bound.operator:
        case Operator.GT:
            return ids[bisect_right(ids, edge) :]
        case Operator.GTE:
            return ids[bisect_left(ids, edge) :]
        case Operator.LT:
            return ids[: bisect_left(ids, edge)]
        case _:
            return ids[: bisect_right(ids, edge)]


def _mentions(version: Version, words: str) -> bool:
    return any(words in version.values.get(name, "").lower() for name in SEARCHABLE)
