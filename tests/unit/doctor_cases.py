"""Facts of a healthy office, made from what the configuration of these tests wants."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from core_cases import CRM, NOW, POLICY, standard

from syncd.core.doctor.examine import examine
from syncd.core.doctor.facts import (
    ChannelFacts,
    Facts,
    Login,
    Setup,
    SideFacts,
    SlackFacts,
    StoreFacts,
)
from syncd.core.doctor.rights import needs
from syncd.core.doctor.slack import SCOPES
from syncd.core.wanted import WantedField, wanted
from syncd.domain.names import System
from syncd.domain.policy import Mode
from syncd.domain.record import Directory, Person, PropertySchema, Schema
from syncd.domain.standard import Signature
from syncd.domain.values import FieldType

S, H = System.SALESFORCE, System.HUBSPOT
SIGNED = tuple(Signature(team=team, name="Kim", on=NOW) for team in ("marketing", "sales"))
STANDARD = replace(standard(), signatures=SIGNED, review_by=NOW.date() + timedelta(days=30))
QUEUE = Person(
    id="00G1", owner="queue:Nurture", name="Nurture", email=None, active=True, is_queue=True
)
_TYPES = {FieldType.INTEGER: "double", FieldType.BOOLEAN: "boolean", FieldType.DATE: "date"}


def setup(**changes: Any) -> Setup:
    plain = Setup(
        standard=STANDARD,
        policy=replace(POLICY, modes=dict.fromkeys(STANDARD.gates, Mode.FLAG)),
        crm=CRM,
        channels={"revops": "#revops"},
        accounts={H: "hubspot"},
        poll_every=timedelta(minutes=1),
    )
    return replace(plain, **changes)


def facts(the_setup: Setup | None = None, **changes: Any) -> Facts:
    the_setup = the_setup or setup()
    plain = Facts(
        now=NOW,
        setup=the_setup,
        sides={system: side(system, the_setup) for system in System},
        slack=slack(),
        store=StoreFacts(place="syncd.db", newest="0005", is_writable=True),
        connector=frozenset(),
    )
    return replace(plain, **changes)


def side(system: System, the_setup: Setup | None = None, **changes: Any) -> SideFacts:
    the_setup = the_setup or setup()
    plain = SideFacts(
        login=login(system),
        granted=frozenset(need.right for need in needs(system, the_setup)),
        schema=schema(system, the_setup),
        directory=Directory(by_id={}, by_user_id={}, by_owner={QUEUE.owner: QUEUE}),
        tracked=frozenset(the_setup.crm.stage_properties(system)) if system is S else None,
        lists={},
        used=10,
        allowed=100_000,
    )
    return replace(plain, **changes)


def login(system: System, **changes: Any) -> Login:
    plain = Login(
        account=system.value,
        server_time=NOW,
        asked_at=NOW,
        time_zone=POLICY.calendar.time_zone,
        app_id="1" if system is H else None,
    )
    return replace(plain, **changes)


def slack(**changes: Any) -> SlackFacts:
    plain = SlackFacts(
        scopes=frozenset(scope for group in SCOPES for scope in group),
        channels={"revops": ChannelFacts(is_archived=False, has_bot=True)},
        line=True,
        people=frozenset({POLICY.alerts.manager or ""}),
    )
    return replace(plain, **changes)


def schema(system: System, the_setup: Setup) -> Schema:
    side_map = the_setup.crm.sides[system]
    found = {path: _property(path) for path in the_setup.crm.properties(system)}
    for field in wanted(the_setup.policy, the_setup.crm).fields:
        if field.system is system:
            is_own = field.kind == side_map.kind
            path = field.name if is_own else f"{side_map.converted_path}.{field.name}"
            found[path] = _wanted(path, field)
    return found


def _property(path: str) -> PropertySchema:
    return PropertySchema(name=path, label=path, type="string", writable=True)


def _wanted(path: str, field: WantedField) -> PropertySchema:
    return PropertySchema(
        name=path,
        label=field.label,
        type=_TYPES.get(field.type, "string") if field.type else "string",
        writable=True,
        max_length=field.length,
        offered=tuple(choice.value for choice in field.choices),
        unique=field.unique,
    )


def with_side(system: System, **changes: Any) -> Facts:
    plain = facts()
    return replace(plain, sides={**plain.sides, system: side(system, **changes)})


def ids(of: Facts) -> list[str]:
    return [finding.id for finding in examine(of)]
