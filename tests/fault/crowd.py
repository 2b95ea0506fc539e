"""A crowd of leads who follow scripts: what each person does to each lead, and when.

The scripts know nothing of syncd, but they leave it time: nobody touches a lead again
before what a delayed worker may still owe it has arrived.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from box import Box, Person

from syncd.sandbox.salesforce.convert import convert_lead

Step = Callable[[Box, Person], None]
Script = Sequence[tuple[int, Step]]
"""What happens to a lead, each with the number of ticks since it arrived."""

A_WHILE = 10
"""Ticks between two things that happen to one lead."""
READY = {"Need__c": "Fewer spreadsheets", "Budget_Confirmed__c": True}


def in_salesforce(**values: Any) -> Step:
    return lambda b, person: b.rep_sets(person, **values)


def in_hubspot(**values: str) -> Step:
    return lambda b, person: b.marketer_sets(person, **values)


def converts(b: Box, person: Person) -> None:
    convert_lead(b.world.salesforce, person.sf, b.rep)


MQL = in_hubspot(lifecyclestage="marketingqualifiedlead")
WORKING = in_salesforce(Status="Working")
SQL = in_salesforce(Status="Sales Qualified")
DISQUALIFIED = in_salesforce(Status="Disqualified")


def spaced(*steps: Step) -> Script:
    return [(1 + number * A_WHILE, step) for number, step in enumerate(steps)]


SCRIPTS: Mapping[str, Script] = {
    "model": spaced(MQL, WORKING, in_salesforce(**READY), SQL),
    "ignored": spaced(MQL),
    "small": spaced(in_salesforce(NumberOfEmployees=7), MQL),
    "refused": spaced(MQL, WORKING, SQL),
    "jumper": spaced(SQL, in_salesforce(**READY), SQL),
    "marketers-own": spaced(in_hubspot(lifecyclestage="salesqualifiedlead")),
    "dropped": spaced(MQL, in_hubspot(hs_lead_status="IN_PROGRESS"), DISQUALIFIED),
    "edited": spaced(
        in_salesforce(Title="CFO"), in_hubspot(jobtitle="Chief"), in_salesforce(Need__c="Speed")
    ),
    "converted": spaced(MQL, WORKING, converts),
    "mended": [*spaced(MQL, WORKING), (30, SQL), (31, in_salesforce(**READY))],
    "returner": spaced(MQL, DISQUALIFIED, MQL),
}


class Crowd:
    """`per_tick` leads arrive at each tick until there are `size`."""

    def __init__(self, size: int, *, per_tick: int) -> None:
        self.people: list[Person] = []
        self._steps: dict[int, list[tuple[int, Step]]] = defaultdict(list)
        self._arrivals: dict[int, list[str]] = defaultdict(list)
        kinds = list(SCRIPTS)
        for number in range(size):
            kind, tick = kinds[number % len(kinds)], number // per_tick
            self._arrivals[tick].append(f"{kind}-{number}")
            for after, step in SCRIPTS[kind]:
                self._steps[tick + after].append((number, step))

    @property
    def last_tick(self) -> int:
        return max(self._steps)

    def act(self, tick: int, b: Box) -> None:
        """Everything people do at this tick."""
        for number, step in self._steps[tick]:
            step(b, self.people[number])
        for name in self._arrivals[tick]:
            self.people.append(b.arrive(name))
