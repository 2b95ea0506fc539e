"""Contact lists: named sets of records. Only static ones can be written to."""

from dataclasses import dataclass, field

from syncd.sandbox.hubspot.kinds import Kind

STATIC = frozenset({"MANUAL", "SNAPSHOT"})


@dataclass(slots=True, kw_only=True)
class MemberList:
    """`members` maps a record's id to when it joined (epoch ms), in order of joining."""

    id: int
    name: str
    kind: Kind
    processing_type: str
    created_at: int
    members: dict[int, int] = field(default_factory=dict)

    @property
    def is_static(self) -> bool:
        return self.processing_type in STATIC

    def add(self, record_id: int, *, at: int) -> bool:
        """Whether the record was not yet a member."""
        is_new = record_id not in self.members
        self.members.setdefault(record_id, at)
        return is_new

    def remove(self, record_id: int) -> bool:
        """Whether the record was a member."""
        return self.members.pop(record_id, None) is not None
