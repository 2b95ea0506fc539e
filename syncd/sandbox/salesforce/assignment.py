"""Lead assignment rules: who gets a lead that a program creates or changes.

REST applies the active rule to both, unless the request says otherwise in
`Sforce-Auto-Assign` (REST API guide, Assignment Rule Header). People's edits in
the pages are not assigned: there it is a box to tick.
"""

from collections.abc import Callable
from dataclasses import dataclass

from syncd.sandbox.salesforce.errors import refusal
from syncd.sandbox.salesforce.ids import IdMint, canonical
from syncd.sandbox.salesforce.table import Row

Criteria = Callable[[Row], bool]
PREFIX = "01Q"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRule:
    """The first entry whose criteria hold names the owner; where none holds, nothing changes."""

    id: str
    name: str
    entries: tuple[tuple[Criteria, str], ...]
    object: str = "Lead"

    def owner_of(self, row: Row) -> str | None:
        return next((owner for holds, owner in self.entries if holds(row)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A rule as one request wants it: one named by its id applies to new records only."""

    rule: AssignmentRule
    to_changes: bool = True


class AssignmentRules:
    """The org's rules, of which one may be active."""

    def __init__(self, mint: IdMint) -> None:
        self._mint = mint
        self._rules: dict[str, AssignmentRule] = {}
        self.active: AssignmentRule | None = None

    def add(self, name: str, *entries: tuple[Criteria, str], active: bool = True) -> AssignmentRule:
        """A rule with entries of (criteria, owner id); an active one takes the place of another."""
        rule = AssignmentRule(id=self._mint.next(PREFIX), name=name, entries=entries)
        self._rules[rule.id] = rule
        if active:
            self.active = rule
        return rule

    def asked_for(self, header: str) -> Assignment | None:
        """What a request's `Sforce-Auto-Assign` comes to; absent it means TRUE."""
        wish = header.strip()
        match wish.upper():
            case "FALSE":
                return None
            case "" | "TRUE":
                return Assignment(rule=self.active) if self.active else None
            case _:
                return Assignment(rule=self.named(wish), to_changes=False)

    def named(self, rule_id: str) -> AssignmentRule:
        """Raises Refused MALFORMED_ID for what is no rule of this org."""
        rule = self._rules.get(canonical(rule_id) or rule_id)
        if rule is None:
            message = f"AssignmentRule ID: id value of incorrect type: {rule_id}"
            raise refusal("MALFORMED_ID", message)
        return rule
