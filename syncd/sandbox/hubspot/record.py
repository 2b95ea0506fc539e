"""One CRM record as the list of its versions.

A version holds the whole set of values as of one write, so that both history
and the search index's delayed view are read off the same list. Values are
never changed in place: records with one version hold one dict.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from syncd.sandbox.hubspot.kinds import Kind
from syncd.sandbox.journal import Origin


@dataclass(frozen=True, slots=True)
class Version:
    """All values after one write at `at` (epoch ms); `changed` names the properties it set."""

    at: int
    values: Mapping[str, str]
    changed: Collection[str]
    origin: Origin


@dataclass(slots=True, kw_only=True)
class Record:
    kind: Kind
    id: int
    versions: list[Version] = field(default_factory=list)
    archived_at: int | None = None

    @property
    def latest(self) -> Version:
        return self.versions[-1]

    @property
    def created_at(self) -> int:
        return self.versions[0].at

    @property
    def values(self) -> Mapping[str, str]:
        return self.versions[-1].values

    def as_of(self, at: int) -> Version | None:
        """The version in force at an instant; None before the record was created."""
        if self.versions[-1].at <= at:
            return self.versions[-1]
        place = bisect_right(self.versions, at, key=lambda version: version.at)
        return self.versions[place - 1] if place else None

    def history(self, name: str) -> Iterator[tuple[Version, str]]:
        """What one property was set to, newest first; the empty string is a clearing."""
        for version in reversed(self.versions):
            if name in version.changed:
                yield version, version.values.get(name, "")
