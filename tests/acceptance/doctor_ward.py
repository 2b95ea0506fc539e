"""A healthy office for `doctor` to look at, and the mistakes that can be planted in it.

Every mistake is undone when its test ends, so that all share one sandbox.
"""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cli_office import Office
from world_time import WorldTime

from syncd.adapters.store.store import open_store
from syncd.app_doctor import look_around
from syncd.compile.formula_guards import Source, compile_guards
from syncd.compile.salesforce import description_of, stamp_of
from syncd.core.doctor.finding import Finding
from syncd.core.rejection import REJECTION_REASON
from syncd.domain.names import System
from syncd.domain.policy import Policy
from syncd.domain.values import FieldSpec, FieldType
from syncd.sandbox.faults import Fault, Kind
from syncd.sandbox.hubspot.apps import ALL_SCOPES, DEFAULT_TOKEN, PrivateApp
from syncd.sandbox.hubspot.kinds import CONTACT
from syncd.sandbox.hubspot.properties import Option
from syncd.sandbox.hubspot.source import CONNECTOR
from syncd.sandbox.journal import Origin
from syncd.sandbox.journal import System as Vendor
from syncd.sandbox.salesforce.rules import ValidationRule
from syncd.sandbox.slack.things import Channel
from syncd.settings.load import Settings

HIRED = ("Hanna Lind", "Omar Haddad", "Sales Manager", "Revops")


@dataclass(slots=True, kw_only=True)
class Ward:
    """`settings` and `ahead` (of the vendors' clocks) are what a mistake may change, too."""

    office: Office
    settings: Settings
    sales: Channel
    ahead: timedelta = field(default_factory=timedelta)

    def findings(self) -> tuple[Finding, ...]:
        return look_around(self.settings, self.office.source().timeouts, self)

    def now(self) -> datetime:
        return self.office.world.now() + self.ahead

    def sleep(self, span: timedelta) -> None:
        WorldTime(self.office.world).sleep(span)

    # --- the hands that make mistakes

    def change(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)

    def policy(self, **changes: Any) -> None:
        self.change(policy=replace(self.settings.policy, **changes))

    def standard(self, **changes: Any) -> None:
        self.change(standard=replace(self.settings.standard, **changes))

    def secrets(self, **changes: Any) -> None:
        self.change(secrets=replace(self.settings.secrets, **changes))

    def hubspot_connection(self, **changes: Any) -> None:
        connections = self.settings.connections
        hubspot = replace(connections.hubspot, **changes)
        self.change(connections=replace(connections, hubspot=hubspot))

    def lead_field(self, name: str, **changes: Any) -> None:
        org = self.office.world.salesforce
        before = org.store.table("Lead").kind.fields[name]
        org.define_field("Lead", replace(before, **changes))

    def property(self, name: str, **changes: Any) -> None:
        portal = self.office.world.hubspot
        portal.define(replace(portal.tables[CONTACT].properties[name], **changes))

    def options(self, name: str, *values: str) -> None:
        options = tuple(Option(value=v, label=v, display_order=n) for n, v in enumerate(values))
        self.property(name, options=options)

    def without_scope(self, scope: str) -> None:
        scopes = tuple(x for x in ALL_SCOPES if x != scope)
        self.office.world.hubspot.apps.install(DEFAULT_TOKEN, PrivateApp(scopes=scopes))

    def channel(self, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(self.sales, name, value)

    def reset(self, vendor: Vendor) -> None:
        self.office.world.faults[vendor].arm(
            Fault(match=re.compile("."), kind=Kind.RESET, times=None)
        )

    def store(self, damage: Callable[[Path], None]) -> None:
        """A copy of the store that something was done to."""
        copy = self.office.home / "damaged.db"
        assert isinstance(self.settings.store, Path)
        shutil.copy(self.settings.store, copy)
        damage(copy)
        self.change(store=copy)


def make_healthy(office: Office) -> Ward:
    """Everybody policy.yaml names is there, and so is a store."""
    world = office.world
    for name in HIRED:
        email = f"{name.replace(' ', '.').lower()}@example.com"
        first, _, last = name.rpartition(" ")
        world.salesforce.add_user(name, email)
        world.hubspot.hire(email, first, last)
        world.slack.add_user(name, email, name)
    settings = office.source().load()
    open_store(settings.store).close()
    sales = next(channel for channel in world.slack.channels.values() if channel.name == "sales")
    return Ward(office=office, settings=settings, sales=sales)


@contextmanager
def as_it_was(ward: Ward) -> Iterator[None]:
    """Put everything back that the mistakes of this file change."""
    world = ward.office.world
    org, portal, slack = world.salesforce, world.hubspot, world.slack
    settings, kind = ward.settings, org.store.table("Lead").kind
    properties, scopes = dict(portal.tables[CONTACT].properties), slack.settings.scopes
    try:
        yield
    finally:
        ward.settings, ward.ahead = settings, timedelta()
        org.store.define(kind)
        org.settings.forbidden.clear()
        org.saver.validation_rules.clear()
        org.usage.limit = 100_000
        portal.tables[CONTACT].properties.clear()
        portal.tables[CONTACT].properties.update(properties)
        portal.apps.install(DEFAULT_TOKEN, PrivateApp())
        portal.settings.time_zone = "US/Eastern"
        slack.settings.scopes = scopes
        ward.channel(name="sales", is_archived=False, has_bot=True)
        for faults in world.faults.values():
            faults.disarm()


# --- mistakes that take more than a line ------------------------------------------------------


def reassign_to_nobody(ward: Ward) -> None:
    first, *others = ward.settings.policy.segments
    ladder = replace(first.ladder, reassign_to=("queue:Nobody",))
    ward.policy(segments=(replace(first, ladder=ladder), *others))


def unknown_reason(ward: Ward) -> None:
    reasons = {x.id: x.says for x in ward.settings.standard.rejections.values()}
    spec = FieldSpec(
        name=REJECTION_REASON,
        type=FieldType.PICKLIST,
        properties={},
        options={System.SALESFORCE: {**reasons, "because": "Because"}},
    )
    crm = ward.settings.crm
    ward.change(crm=replace(crm, fields={**crm.fields, spec.name: spec}))


def nurture_list(ward: Ward, list_id: str) -> None:
    policy: Policy = ward.settings.policy
    ward.policy(recycle=replace(policy.recycle, nurture_list=list_id))


def active_list(ward: Ward) -> None:
    made = ward.office.world.hubspot.add_list("Everybody warm", processing="DYNAMIC")
    nurture_list(ward, str(made.id))


def use_up_calls(ward: Ward) -> None:
    """Four fifths of them, of so many that polling still fits."""
    usage = ward.office.world.salesforce.usage
    usage.limit = 29_000
    for _ in range(23_500):
        usage.count()


def lead_for_the_integration(ward: Ward) -> None:
    org = ward.office.world.salesforce
    values = {"LastName": "Lee", "Company": "Acme", "OwnerId": org.integration.id}
    org.create_lead(values, ward.office.rep)


def forget_leads(ward: Ward) -> None:
    org = ward.office.world.salesforce
    for row in list(org.rows("Lead")):
        org.delete(row["Id"], ward.office.rep)
        org.purge(row["Id"])


def connector_at_work(ward: Ward) -> None:
    portal = ward.office.world.hubspot
    email = portal.tables[CONTACT].properties["email"]
    portal.define(replace(email, name="salesforcelastsynctime", label="Last Sync"))
    contact = ward.office.marketer.create_contact({"email": "kim@acme.example"})
    portal.update(CONTACT, contact, {"jobtitle": "CTO"}, Origin(CONNECTOR, "connector"))
    ward.office.world.advance(timedelta(minutes=1))


def deploy(ward: Ward, drift: Callable[[list[ValidationRule]], object]) -> None:
    """What `syncd compile` makes of the blocking gates, and then something else."""
    source = Source(
        standard=ward.settings.standard, policy=ward.settings.policy, crm=ward.settings.crm
    )
    stamp = stamp_of(source.standard)
    rules = [
        ValidationRule(
            name=guard.name,
            object="Lead",
            message=guard.message,
            formula=lambda after, before: False,
            description=description_of(guard, stamp),
            source=guard.formula,
        )
        for guard in compile_guards(source).guards
    ]
    assert rules
    drift(rules)
    ward.office.world.salesforce.saver.validation_rules += rules


def change_first(**changes: Any) -> Callable[[list[ValidationRule]], None]:
    def change(rules: list[ValidationRule]) -> None:
        rules[0] = replace(rules[0], **changes)

    return change


def overwrite(path: Path) -> None:
    """Pages in the middle of the file, as a bad disk would."""
    raw = bytearray(path.read_bytes())
    raw[4096 * 3 : 4096 * 5] = b"\xff" * 4096 * 2
    path.write_bytes(raw)


def sql(statement: str) -> Callable[[Path], None]:
    def run(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(statement)
            connection.commit()

    return run


def store_under_a_file(ward: Ward) -> None:
    file = ward.office.home / "file"
    file.touch()
    ward.change(store=file / "syncd.db")


SALESFORCE, HUBSPOT, SLACK = Vendor.SALESFORCE, Vendor.HUBSPOT, Vendor.SLACK
LIFECYCLE = (
    "subscriber",
    "lead",
    "marketingqualifiedlead",
    "salesqualifiedlead",
    "opportunity",
    "customer",
    "evangelist",
)
STATUSES = ("Open", "Marketing Qualified", "Working", "Sales Qualified", "Nurture", "Disqualified")
ROLES = ("decision_maker", "champion", "influencer", "user")
