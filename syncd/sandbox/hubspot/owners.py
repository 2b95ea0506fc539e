"""The portal's users, and the owners they are: two numbers for one person."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from syncd.sandbox.hubspot.reading import is_number
from syncd.sandbox.journal import Actor, ActorKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """`id` is what `hubspot_owner_id` holds; `user_id` is what history names."""

    id: int
    user_id: int
    email: str
    first_name: str
    last_name: str
    created_at: int
    updated_at: int
    archived: bool = False

    @property
    def actor(self) -> Actor:
        """This person, doing something in HubSpot."""
        name = f"{self.first_name} {self.last_name}"
        return Actor(kind=ActorKind.PERSON, id=str(self.user_id), name=name)


class Owners:
    def __init__(self) -> None:
        self._by_id: dict[int, Owner] = {}

    def __iter__(self) -> Iterator[Owner]:
        return iter(list(self._by_id.values()))

    def hire(self, email: str, first_name: str, last_name: str, *, at: int) -> Owner:
        number = len(self._by_id) + 1
        owner = Owner(
            id=70_000_000 + number,
            user_id=28_600_000 + number,
            email=email,
            first_name=first_name,
            last_name=last_name,
            created_at=at,
            updated_at=at,
        )
        self._by_id[owner.id] = owner
        return owner

    def archive(self, owner_id: int, *, at: int) -> None:
        """Someone left: the records stay theirs, but no new ones can be given to them."""
        self._by_id[owner_id] = replace(self._by_id[owner_id], archived=True, updated_at=at)

    def get(self, owner_id: int) -> Owner | None:
        return self._by_id.get(owner_id)

    def by_user(self, user_id: int) -> Owner | None:
        return next((owner for owner in self if owner.user_id == user_id), None)

    def may_own(self, text: str) -> bool:
        owner = self._by_id.get(int(text)) if is_number(text) else None
        return owner is not None and not owner.archived
