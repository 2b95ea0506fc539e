"""Ports that only people's commands need, and reports: what a CRM or Slack is asked once, or set
up with.

No cycle needs any of it, so none of it is in `ports`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from syncd.core.doctor.facts import ChannelFacts, ListFacts, Login, NativeRule
from syncd.core.provision import Found, Place
from syncd.core.wanted import Choice, Wanted, WantedField, WantedList
from syncd.domain.automation import Automations
from syncd.domain.names import RecordId
from syncd.domain.stage import Stage, StageLine


class StageDates(Protocol):
    """When records came to a stage, by a CRM's own dates: for whoever measures. `lines` are all of
    its stage lines. PermanentError where the CRM keeps no such date."""

    def came_to(
        self, stage: Stage, lines: Sequence[StageLine], *, start: datetime, end: datetime
    ) -> Mapping[RecordId, datetime]:
        """Living records that came to it from `start` up to `end`, and when they first did."""
        ...

    def dates_of(
        self, ids: Collection[RecordId], stage: Stage, lines: Sequence[StageLine]
    ) -> Mapping[RecordId, tuple[datetime, ...]]:
        """Each time these came to it, as far as the CRM tells. Who never did is absent."""
        ...


class AutomationReader(Protocol):
    def automations(self) -> Automations:
        """What the CRM runs by itself when a lead is saved, and what of it we may not see."""
        ...


class CrmInspector(Protocol):
    """What only `doctor` asks of a CRM. It changes nothing there."""

    def login(self) -> Login:
        """As whom we are known, and what the vendor's clock says."""
        ...

    def granted(self) -> frozenset[str]:
        """What we may do, by the vendor's own names."""
        ...

    def tracked(self, properties: Collection[str]) -> frozenset[str] | None:
        """Those of these properties whose history is kept; None where all of it always is."""
        ...

    def lists(self, ids: Collection[str]) -> Mapping[str, ListFacts]:
        """Those of these lists or campaigns there are."""
        ...

    def rules(self, prefix: str) -> tuple[NativeRule, ...]:
        """What the CRM itself refuses of a lead, with the formulas of those whose names begin so;
        none where it has no such rules."""
        ...


class Provisioner(Protocol):
    """Making what a configuration needs in a CRM. Never retries and never alters what is there:
    a person runs it again, and it looks first."""

    def look(self, wanted: Wanted) -> Found:
        """What of it is there now. Reads only, and asks anew each time."""
        ...

    def make_home(self) -> None:
        """What everything is made in: a property group, or a permission set that is ours."""
        ...

    def make_fields(self, fields: Sequence[WantedField]) -> Mapping[Place, str]:
        """Those that were refused, and why. After an error some may have been made."""
        ...

    def open_up(self, fields: Sequence[WantedField]) -> Mapping[Place, str]:
        """Let our user see and write these; those that were refused, and why."""
        ...

    def extend(self, field: WantedField, choices: Sequence[Choice]) -> None:
        """Offer these as well, after all that is offered."""
        ...

    def make_list(self, wish: WantedList) -> None:
        """One by its label; the CRM gives it an id of its own."""
        ...


class SlackInspector(Protocol):
    """What only `doctor` asks of Slack. It posts nothing."""

    def scopes(self) -> frozenset[str]:
        """Those of the bot's token."""
        ...

    def channels(self) -> Mapping[str, ChannelFacts]:
        """Those the bot sees, archived ones too, by name and by id."""
        ...

    def known(self, emails: Collection[str]) -> frozenset[str]:
        """Those of these addresses somebody has there."""
        ...

    def line(self) -> bool | None:
        """True when a line can be opened with the app's own token; None without a token."""
        ...
