"""Look what both CRMs lack of what a configuration needs, and make it.

The order on each side is that of need: what fields are made in, the fields, who sees them.
Whatever fails, the next run looks anew and makes what is still missing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from syncd.core.provision import Found, Item, Place, State, plan
from syncd.core.wanted import Wanted, WantedField, WantedList
from syncd.domain.mapping import CrmMap
from syncd.domain.names import System
from syncd.errors import AuthError, PermanentError, SyncdError
from syncd.office_ports import Provisioner

Step: TypeAlias = tuple[str, Callable[[], Mapping[Place, str]]]
"""What is done, and how; doing it gives what was refused of it, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is to be made, and by whom."""

    wanted: Wanted
    crm: CrmMap
    provisioners: Mapping[System, Provisioner]


@dataclass(frozen=True, slots=True)
class Failure:
    """What was not made, and why."""

    what: str
    why: str


def survey(site: Site) -> tuple[Item, ...]:
    """Everything that is wanted and how it is with it. Reads only; raises what reading raises."""
    found: Mapping[System, Found] = {
        system: provisioner.look(site.wanted) for system, provisioner in site.provisioners.items()
    }
    return plan(site.wanted, site.crm, found)


def build(site: Site, items: Sequence[Item]) -> tuple[Failure, ...]:
    """Make what can be made. A CRM that does not answer is left at that."""
    failures: list[Failure] = []
    for system, provisioner in site.provisioners.items():
        mine = [item for item in items if item.system is system]
        for what, step in _steps(provisioner, mine):
            try:
                refused = step()
            except (AuthError, PermanentError) as error:
                failures.append(Failure(what, str(error)))
            except SyncdError as error:
                failures.append(Failure(what, f"{error}. What follows was not tried"))
                break
            else:
                failures += [Failure(" ".join(place), why) for place, why in refused.items()]
    return tuple(failures)


def _steps(provisioner: Provisioner, items: Sequence[Item]) -> Iterator[Step]:
    """What is done, and how. Only fields that were made are opened up."""
    home = next((x for x in items if x.wants is None and x.state is State.MISSING), None)
    if home is not None:
        yield f"{home.kind} {home.name}", partial(_done, provisioner.make_home)
    missing = [*_fields(items, State.MISSING)]
    made: list[WantedField] = []

    def make() -> Mapping[Place, str]:
        refused = provisioner.make_fields(missing)
        made.extend(x for x in missing if (x.kind, x.name) not in refused)
        return refused

    def open_up() -> Mapping[Place, str]:
        return provisioner.open_up([*made, *_fields(items, State.HIDDEN)])

    if missing:
        yield "fields", make
    if missing or any(item.state is State.HIDDEN for item in items):
        yield "rights to the fields", open_up
    yield from _single_steps(provisioner, items)


def _single_steps(provisioner: Provisioner, items: Sequence[Item]) -> Iterator[Step]:
    for item in items:
        match item:
            case Item(state=State.LACKS, wants=WantedField() as field, choices=choices):
                extend = partial(provisioner.extend, field, choices)
                yield f"{item.kind} {item.name}", partial(_done, extend)
            case Item(state=State.MISSING, wants=WantedList() as wish):
                make = partial(provisioner.make_list, wish)
                yield f"{item.kind} {wish.label}", partial(_done, make)
            case _:
                pass


def _done(act: Callable[[], None]) -> Mapping[Place, str]:
    act()
    return {}


def _fields(items: Sequence[Item], state: State) -> Iterator[WantedField]:
    for item in items:
        if item.state is state and isinstance(item.wants, WantedField):
            yield item.wants
