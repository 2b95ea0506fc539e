"""Which records belong together, and under which association types.

Every link is kept from both ends. Types are HubSpot's numbers; the portal knows
only those HubSpot defines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from syncd.sandbox.hubspot.kinds import (
    CALL,
    COMPANY,
    CONTACT,
    DEAL,
    EMAIL,
    KINDS,
    LEAD,
    MEETING,
    NOTE,
    TASK,
    Kind,
)


@dataclass(frozen=True, slots=True)
class Label:
    """One association type of an ordered pair of kinds; the plain one has no text."""

    type_id: int
    text: str | None = None


# (from, to): the plain type first, then the labelled ones.
_LABELS: Mapping[tuple[Kind, Kind], tuple[Label, ...]] = {
    (CONTACT, CONTACT): (Label(449),),
    (CONTACT, COMPANY): (Label(279), Label(1, "Primary")),
    (COMPANY, CONTACT): (Label(280), Label(2, "Primary")),
    (CONTACT, DEAL): (Label(4),),
    (DEAL, CONTACT): (Label(3),),
    (DEAL, COMPANY): (Label(341), Label(5, "Primary")),
    (COMPANY, DEAL): (Label(342), Label(6, "Primary")),
    (CONTACT, LEAD): (Label(609), Label(579, "Primary")),
    (LEAD, CONTACT): (Label(608), Label(578, "Primary")),
    (CONTACT, NOTE): (Label(201),),
    (NOTE, CONTACT): (Label(202),),
    (CONTACT, TASK): (Label(203),),
    (TASK, CONTACT): (Label(204),),
    (CONTACT, CALL): (Label(193),),
    (CALL, CONTACT): (Label(194),),
    (CONTACT, EMAIL): (Label(197),),
    (EMAIL, CONTACT): (Label(198),),
    (CONTACT, MEETING): (Label(199),),
    (MEETING, CONTACT): (Label(200),),
    (COMPANY, NOTE): (Label(189),),
    (NOTE, COMPANY): (Label(190),),
    (COMPANY, TASK): (Label(191),),
    (TASK, COMPANY): (Label(192),),
    (DEAL, NOTE): (Label(213),),
    (NOTE, DEAL): (Label(214),),
    (DEAL, TASK): (Label(215),),
    (TASK, DEAL): (Label(216),),
}

Types = tuple[Label, ...]
PAIR_BY_TYPE: Mapping[int, tuple[Kind, Kind]] = {
    label.type_id: pair for pair, labels in _LABELS.items() for label in labels
}


def labels_of(from_kind: Kind, to_kind: Kind) -> tuple[Label, ...]:
    """The association types of an ordered pair, the plain one first; empty if there are none."""
    return _LABELS.get((from_kind, to_kind), ())


class Web:
    """All links between records, by (kind, id) and the other kind."""

    def __init__(self) -> None:
        self.revision = 0  # how many links were made or cut, for whoever caches
        self._links: dict[tuple[Kind, int, Kind], dict[int, Types]] = {}

    def links(self, kind: Kind, record_id: int, to_kind: Kind) -> Mapping[int, Types]:
        """The other records' ids with the types of each link, oldest link first."""
        return self._links.get((kind, record_id, to_kind), {})

    def link(
        self, one: tuple[Kind, int], other: tuple[Kind, int], type_ids: Iterable[int] = ()
    ) -> bool:
        """Link two records under the plain type and the given ones; whether the link is new.

        As in HubSpot the types given replace the labels the link had.
        """
        kinds = (one[0], other[0])
        self.revision += 1
        chosen = set(type_ids)
        plain, *labelled = labels_of(*kinds)
        places = [place for place, label in enumerate(labelled) if label.type_id in chosen]
        back_plain, *back_labelled = labels_of(*reversed(kinds))
        is_new = self._set(one, other, (*(labelled[place] for place in places), plain))
        self._set(other, one, (*(back_labelled[place] for place in places), back_plain))
        return is_new

    def unlink(self, one: tuple[Kind, int], other: tuple[Kind, int]) -> bool:
        """Take a link away with all its types; whether there was one."""
        self.revision += 1
        found = self._links.get((*one, other[0]), {}).pop(other[1], None) is not None
        self._links.get((*other, one[0]), {}).pop(one[1], None)
        return found

    def neighbours(self, kind: Kind, record_id: int) -> list[tuple[Kind, int, Types]]:
        """Every record linked to this one, with the types seen from here."""
        return [
            (to_kind, other, types)
            for to_kind in KINDS
            for other, types in self.links(kind, record_id, to_kind).items()
        ]

    def _set(self, one: tuple[Kind, int], other: tuple[Kind, int], types: Types) -> bool:
        links = self._links.setdefault((*one, other[0]), {})
        is_new = other[1] not in links
        links[other[1]] = types
        return is_new
