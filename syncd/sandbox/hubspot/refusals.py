"""What the portal can refuse, as exceptions; `errors.py` gives each its HTTP answer."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One property value that does not fit; `code` is HubSpot's."""

    name: str
    code: str
    message: str


class NotValid(Exception):
    """At least one property value does not fit."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


class Duplicate(Exception):
    """A unique value (a contact's e-mail) already belongs to another record."""

    def __init__(self, existing_id: int | None) -> None:
        """None where the other record does not exist yet either: two of one batch."""
        known = "" if existing_id is None else f". Existing ID: {existing_id}"
        super().__init__(f"Contact already exists{known}")
        self.existing_id = existing_id


class NotFound(Exception):
    """No such record, or it is archived or erased."""


class BadRequest(Exception):
    """The request itself makes no sense; the text is what HubSpot would say."""


class NotSet(BadRequest):
    """A body without something it must have."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "Invalid input JSON on line 1, column 2: Cannot build the request, some of required "
            f"attributes are not set [{name}]"
        )


class Misshapen(BadRequest):
    """A body with something in it that is of another type."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Invalid input JSON on line 1, column 2: Cannot deserialize value of `{name}`"
        )


class Required(Exception):
    """A record was to be created without properties that its kind cannot do without."""

    def __init__(self, kind_name: str, names: Sequence[str]) -> None:
        super().__init__(
            f"Error creating {kind_name.upper()}. Some required properties were not set."
        )
        self.names = tuple(names)
