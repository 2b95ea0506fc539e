"""A CRM, a messenger and a whole pair in memory, for tests of the jobs.

The CRM holds vendor records as the map in `decide_cases` spells them (`status` tells the
stage, every other field is `<name>__c`), keeps a history, and can be told to misbehave.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from core_cases import NOW
from decide_cases import ENFORCE_FROM, GATES, HUBSPOT, LONG_AGO, SALESFORCE, THE_MAP, policy

from syncd.adapters.memory.role import Memory
from syncd.adapters.memory.store import MemoryStore
from syncd.core.context import Context
from syncd.core.judge import Judge
from syncd.domain.action import (
    AddNote,
    Created,
    CreateOutcome,
    Enlist,
    RecordCreate,
    RecordWrite,
    Refused,
    SendAlert,
    Vanished,
    WriteOutcome,
    Written,
)
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.lead import Lead
from syncd.domain.mapping import CrmMap
from syncd.domain.names import ActionKey, RecordId, System
from syncd.domain.policy import Policy
from syncd.domain.record import (
    Activity,
    Directory,
    Fate,
    Person,
    PropertyChange,
    PropertySchema,
    Record,
)
from syncd.domain.stage import Stage
from syncd.domain.standard import Standard
from syncd.domain.values import FieldType
from syncd.errors import SyncdError
from syncd.jobs.cycle import CycleReport, run_cycle
from syncd.jobs.pair import Pair, Rules
from syncd.jobs.recent import Recent
from syncd.ports import Page, Posted, ScanPage, Touch, Usage
from syncd.store_ports import Story

MINUTE = timedelta(minutes=1)
REP_ID, FLOW_ID, OUR_ID = "005R", "005F", "005S"
_TYPES = {
    FieldType.INTEGER: {SALESFORCE: "int", HUBSPOT: "number"},
    FieldType.BOOLEAN: {SALESFORCE: "boolean", HUBSPOT: "bool"},
}


def in_map(crm_map: CrmMap = THE_MAP) -> CrmMap:
    """The map with what linking needs: our id, the connector's, and several addresses."""
    sides = {
        system: replace(
            side, external_id="syncd_id", other_id="other_id", extra_emails="more_emails"
        )
        for system, side in crm_map.sides.items()
    }
    return replace(crm_map, sides=sides)


HEIR = "heir@corp.example"
PEOPLE = (
    Person(id="005H", owner=HEIR, name="Hanna Heir", email=None, active=True),
    Person(id=REP_ID, owner="rep@corp.example", name="Rita Rep", email=None, active=True),
    Person(
        id="00GQ", owner="queue:Nurture", name="Nurture", email=None, active=True, is_queue=True
    ),
)
DIRECTORY = Directory(
    by_id={x.id: x for x in PEOPLE},
    by_user_id={x.id: x for x in PEOPLE},
    by_owner={x.owner: x for x in PEOPLE},
)


@dataclass(slots=True)
class Time:
    """The test's own clock: it moves when told."""

    instant: datetime = NOW

    def now(self) -> datetime:
        return self.instant

    def sleep(self, span: timedelta) -> None:
        self.instant += span


@dataclass(slots=True)
class FakeCrm:
    """Implements `ports.Crm` and `ports.Target`."""

    system: System
    time: Time
    crm_map: CrmMap = field(default_factory=in_map)
    records: dict[RecordId, Record] = field(default_factory=dict)
    changes: dict[RecordId, list[PropertyChange]] = field(default_factory=dict)
    activities: list[Activity] = field(default_factory=list)
    unseen: bool = False
    """Polling shows nobody to be touched."""
    notes: list[AddNote] = field(default_factory=list)
    lists: dict[str, set[RecordId]] = field(default_factory=dict)
    """Who is on each list or in each campaign; one that is not here does not exist."""
    calls: Counter[str] = field(default_factory=Counter)
    fails: dict[str, Exception] = field(default_factory=dict)
    """Raised by the named method, until it is taken out."""
    lost: bool = False
    """The next write is carried out, but its answer is lost."""
    answers: dict[RecordId, WriteOutcome] = field(default_factory=dict)
    """Instead of carrying the write out."""
    ignores: set[str] = field(default_factory=set)
    """Properties a write silently does not change."""
    echoes: bool = False
    """The answer to a write shows every property as written."""
    unwritable: set[str] = field(default_factory=set)
    tracked: set[str] = field(default_factory=lambda: {"status"})
    """Properties whose changes are kept."""
    refusals: dict[ActionKey, CreateOutcome] = field(default_factory=dict)
    """Instead of making the record."""
    required: set[str] = field(default_factory=set)
    page_size: int = 100
    used: int | None = None
    allowed: int | None = None
    limited: int = 0
    calls_before: int = 0
    """Calls to count beside those made here."""
    connected: bool = False
    """Whether HubSpot has the native connector's properties."""
    account_id: str = "org-1"
    newcomers: Directory = DIRECTORY
    """Who is there when asked anew, before the hour is over."""
    hidden: set[str] = field(default_factory=set)
    """Archived records: they still are, but no read shows them."""

    # --- what people do ------------------------------------------------------------------

    def add(
        self, record: str, stage: Stage = Stage.LEAD, *, at: datetime = LONG_AGO, **values: Any
    ) -> RecordId:
        """A record that meets both gates, but for what is said otherwise."""
        shown: dict[str, object] = dict.fromkeys(self.crm_map.properties(self.system))
        shown |= {"status": stage.value, "first_name__c": "Jane", "last_name__c": "Doe"}
        shown |= {"employees__c": 60, "budget_confirmed__c": True, "owner__c": REP_ID}
        shown |= {"email": f"{record}@x.example"} | values
        record_id = RecordId(record)
        self.records[record_id] = Record(
            system=self.system,
            kind=self.crm_map.sides[self.system].kind,
            id=record_id,
            properties=shown,
            created_at=at,
            modified_at=at,
        )
        self._remember(record_id, "status", stage.value, at, REP_ID)
        return record_id

    def edit(self, record: str, by: str = REP_ID, **values: Any) -> None:
        record_id = RecordId(record)
        before, now = self.records[record_id], self.time.now()
        properties = {**before.properties, **values}
        self.records[record_id] = replace(before, properties=properties, modified_at=now)
        for name in self.tracked & values.keys():
            if values[name] != before.properties.get(name):
                self._remember(record_id, name, str(values[name] or ""), now, by)

    def move(self, record: str, stage: Stage, by: str = REP_ID) -> None:
        self.edit(record, by, status=stage.value)

    def delete(self, record: str, *, merged_into: str | None = None) -> None:
        record_id = RecordId(record)
        winner = RecordId(merged_into) if merged_into else None
        self.records[record_id] = replace(
            self.records[record_id],
            deleted=True,
            merged_into=winner,
            modified_at=self.time.now(),
        )

    def value(self, record: str, name: str) -> object:
        return self.records[RecordId(record)].properties[name]

    def stage(self, record: str) -> object:
        return self.value(record, "status")

    def _remember(self, record_id: RecordId, name: str, value: str, at: datetime, by: str) -> None:
        change = PropertyChange(
            name=name,
            value=value,
            at=at,
            actor_id=by,
            by_person=by == REP_ID,
            by_syncd=by == OUR_ID,
        )
        self.changes.setdefault(record_id, []).append(change)

    # --- reading -------------------------------------------------------------------------

    def _asked(self, name: str) -> None:
        self.calls[name] += 1
        if name in self.fails:
            raise self.fails[name]

    def poll(self, since: datetime | None) -> Iterator[Page]:
        self._asked("poll")
        there = [r for i, r in self.records.items() if i not in self.hidden]
        found = [r for r in there if since is None or r.modified_at >= since]
        done = [] if self.unseen else self.activities
        touched = frozenset(Touch(a.record_id, mark=a.id) for a in done if since and a.at >= since)
        server_time = self.time.now()
        size = self.page_size
        yield Page(records=tuple(found[:size]), touched=touched, server_time=server_time)
        for start in range(size, len(found), size):
            self._asked("next page")
            part = tuple(found[start : start + size])
            yield Page(records=part, touched=frozenset(), server_time=server_time)

    def read(
        self, ids: Collection[RecordId], properties: Collection[str] | None = None
    ) -> Mapping[RecordId, Record]:
        self._asked("read")
        there = {i: self.records[i] for i in ids if i in self.records and i not in self.hidden}
        return there if properties is None else {i: _only(r, properties) for i, r in there.items()}

    def done_with(self, ids: Collection[RecordId], since: datetime) -> Sequence[Activity]:
        self._asked("done_with")
        now = self.time.now()
        return [a for a in self.activities if a.record_id in ids and since <= a.at <= now]

    def history(
        self,
        ids: Collection[RecordId],
        since: datetime,
        properties: Collection[str] | None = None,
    ) -> Mapping[RecordId, tuple[PropertyChange, ...]]:
        self._asked("history")
        wanted = {"status"} if properties is None else set(properties)
        return {i: tuple(x for x in self.changes.get(i, ()) if x.name in wanted) for i in ids}

    def directory(self, kept_for: timedelta = timedelta(hours=1)) -> Directory:
        self._asked("directory")
        return self.newcomers if kept_for < timedelta(hours=1) else DIRECTORY

    def schema(self) -> Mapping[str, PropertySchema]:
        types = {
            spec.properties[self.system]: _TYPES.get(spec.type, {}).get(self.system, "string")
            for spec in self.crm_map.fields.values()
        }
        names = self.crm_map.properties(self.system)
        if self.connected:
            names = (*names, "salesforcelastsynctime")
        return {
            name: PropertySchema(
                name=name,
                label=name,
                type=types.get(name, "string"),
                writable=name not in self.unwritable,
                required=name in self.required,
            )
            for name in names
        }

    def scan(self, resume: str | None) -> Iterator[ScanPage]:
        """In the order of their ids; `resume` is the last one and when the scan began."""
        self._asked("scan")
        last, began = resume.split() if resume else ("", self.time.now().isoformat())
        left = sorted(r.id for r in self.records.values() if not r.deleted and r.id > last)
        for start in range(0, len(left), self.page_size):
            ids = left[start : start + self.page_size]
            yield ScanPage(
                records=tuple(self.records[i] for i in ids),
                resume=f"{ids[-1]} {began}",
                total=len(self.records),
                began=datetime.fromisoformat(began),
            )

    def fates(self, ids: Collection[RecordId]) -> Mapping[RecordId, Fate]:
        self._asked("fates")
        there = {i: r.deleted or i in self.hidden for i, r in self.records.items()}
        binned = {True: Fate.BINNED, False: Fate.LIVING}
        return {i: binned[there[i]] if i in there else Fate.ERASED for i in ids}

    def with_emails(self, emails: Collection[str]) -> Mapping[str, tuple[RecordId, ...]]:
        self._asked("with_emails")
        living = [r for r in self.records.values() if not r.deleted]
        return {
            email: ids
            for email in emails
            if (ids := tuple(r.id for r in living if r.properties.get("email") == email))
        }

    def account(self) -> str:
        self._asked("account")
        return self.account_id

    def usage(self) -> Usage:
        calls = sum(self.calls.values()) + self.calls_before
        return Usage(calls=calls, used=self.used, allowed=self.allowed, limited=self.limited)

    # --- writing -------------------------------------------------------------------------

    def update(self, writes: Sequence[RecordWrite]) -> Mapping[RecordId, WriteOutcome]:
        if not writes:
            return {}
        self._asked("update")
        outcomes: dict[RecordId, WriteOutcome] = {}
        for write in writes:
            outcomes[write.record_id] = self.answers.get(write.record_id) or self._carry_out(write)
        if self.lost:
            self.lost = False
            raise self.fails["lost"]
        return outcomes

    def _carry_out(self, write: RecordWrite) -> WriteOutcome:
        if write.record_id not in self.records:
            return Vanished(reason="no such record")
        kept = {k: v for k, v in write.properties.items() if k not in self.ignores}
        self.edit(write.record_id, OUR_ID, **kept)
        return Written(at=self.time.now() if self.echoes else None)

    def create(self, creates: Sequence[RecordCreate]) -> Mapping[ActionKey, CreateOutcome]:
        """New ids go on from 900; one that has our id in it was made before."""
        self._asked("create")
        outcomes: dict[ActionKey, CreateOutcome] = {}
        for create in creates:
            made = (r.id for r in self.records.values() if _our_id(r) == create.external_id)
            outcomes[create.key] = self.refusals.get(create.key) or Created(
                next(made, None) or self._make(create)
            )
        if self.lost:
            self.lost = False
            raise self.fails["lost"]
        return outcomes

    def _make(self, create: RecordCreate) -> RecordId:
        now = self.time.now()
        record_id = RecordId(f"{900 + len(self.records)}")
        shown: dict[str, object] = dict.fromkeys(self.crm_map.properties(self.system))
        shown |= {**create.properties, "syncd_id": create.external_id}
        self.records[record_id] = Record(
            system=self.system,
            kind=create.record_kind,
            id=record_id,
            properties=shown,
            created_at=now,
            modified_at=now,
        )
        self._remember(record_id, "status", str(shown["status"]), now, OUR_ID)
        return record_id

    def add_notes(self, notes: Sequence[AddNote]) -> Mapping[ActionKey, WriteOutcome]:
        self._asked("add_notes")
        self.notes += notes
        return {note.key: Written() for note in notes}

    def find_notes(self, notes: Sequence[AddNote]) -> frozenset[ActionKey]:
        self._asked("find_notes")
        return frozenset(x.key for x in self.notes) & {x.key for x in notes}

    def enlist(self, wishes: Sequence[Enlist]) -> Mapping[ActionKey, WriteOutcome]:
        self._asked("enlist")
        return {wish.key: self._put_on_list(wish) for wish in wishes}

    def _put_on_list(self, wish: Enlist) -> WriteOutcome:
        members = self.lists.get(wish.list_id)
        if members is None:
            return Refused(reason=f"no list {wish.list_id}")
        if wish.record_id not in self.records or self.records[wish.record_id].deleted:
            return Vanished(reason="no such record")
        (members.discard if wish.leave else members.add)(wish.record_id)
        return Written()


def _only(record: Record, properties: Collection[str]) -> Record:
    shown = {name: x for name, x in record.properties.items() if name in properties}
    return replace(record, properties=shown)


def _our_id(record: Record) -> object:
    return record.properties.get("syncd_id")


@dataclass(slots=True)
class FakeMessenger:
    """Implements `ports.Messenger`."""

    sent: list[tuple[str, tuple[SendAlert, ...]]] = field(default_factory=list)
    fails: SyncdError | None = None
    loses: SyncdError | None = None
    """The next message arrives, but this is what the sender hears."""
    silent: SyncdError | None = None
    """This is what whoever asks for messages sent before hears."""
    can_be_asked: bool = True
    """A webhook cannot be."""

    threads: list[Posted | None] = field(default_factory=list)
    """Of each message sent, what it answered to."""
    updates: list[tuple[Posted, SendAlert, str]] = field(default_factory=list)

    def send(
        self, channel: str, alerts: Sequence[SendAlert], *, thread: Posted | None = None
    ) -> Posted | None:
        if self.fails:
            raise self.fails
        self.sent.append((channel, tuple(alerts)))
        self.threads.append(thread)
        if self.loses:
            error, self.loses = self.loses, None
            raise error
        return _posted(len(self.sent))

    def find_sent(
        self, channel: str, keys: Collection[ActionKey], *, thread: Posted | None = None
    ) -> Mapping[ActionKey, Posted] | None:
        if self.silent:
            raise self.silent
        if not self.can_be_asked:
            return None
        return {
            x.key: _posted(number)
            for number, (where, alerts) in enumerate(self.sent, start=1)
            for x in alerts
            if where == channel and x.key in keys and self.threads[number - 1] == thread
        }

    def update(self, posted: Posted, alert: SendAlert, status: str) -> None:
        if self.fails:
            raise self.fails
        self.updates.append((posted, alert, status))

    def kinds(self) -> list[AlertKind]:
        return [x.alert.kind for _, alerts in self.sent for x in alerts]


def _posted(number: int) -> Posted:
    return Posted(channel_id="C1", ts=f"{number}.000000")


@dataclass(slots=True)
class House:
    """A worker's whole surroundings. People act on `sf` and `hs`; `cycle()` runs syncd."""

    time: Time
    sf: FakeCrm
    hs: FakeCrm
    slack: FakeMessenger
    pair: Pair
    recent: Recent = field(default_factory=Recent)

    @property
    def store(self) -> MemoryStore:
        store = self.pair.store
        assert isinstance(store, MemoryStore)
        return store

    def cycle(self, *, minutes: float = 0) -> CycleReport:
        self.time.sleep(minutes * MINUTE)
        return run_cycle(self.pair, self.recent, now=self.time.now())

    def cycles(self, count: int, *, minutes: float = 5) -> None:
        for _ in range(count):
            self.cycle(minutes=minutes)

    def context(self) -> Context:
        return self.pair.context(now=self.time.now(), fresh=self.time.now())

    def story(self, record: str = "00Q1") -> Story:
        (lead_id,) = self.store.look_up(record)
        story = self.store.story(lead_id)
        assert story
        return story

    def lead(self, record: str = "00Q1") -> Lead:
        return self.story(record).lead

    def audit(self, record: str = "00Q1") -> list[AuditKind]:
        return [x.kind for x in self.story(record).audit]

    def outbox(self) -> Mapping[str, int]:
        return self.store.status(self.time.now()).outbox


def house(
    *, rules: Policy | None = None, gates: Standard = GATES, enforce_from: datetime = ENFORCE_FROM
) -> House:
    time = Time()
    sf, hs = FakeCrm(SALESFORCE, time), FakeCrm(HUBSPOT, time)
    store = MemoryStore(Memory())
    store.acquire(holder="test", now=NOW, span=timedelta(days=365))
    store.start(NOW)
    slack = FakeMessenger()
    pair = Pair(
        crms={HUBSPOT: hs, SALESFORCE: sf},
        targets={HUBSPOT: hs, SALESFORCE: sf},
        messenger=slack,
        store=store,
        rules=Rules(
            standard=gates,
            judge=Judge(gates),
            policy=rules or policy(),
            crm=in_map(),
            enforce_from=enforce_from,
        ),
    )
    return House(time=time, sf=sf, hs=hs, slack=slack, pair=pair)


def linked(stage: Stage = Stage.LEAD, *, rules: Policy | None = None, **values: Any) -> House:
    """One person known on both sides, seen once."""
    made = house(rules=rules)
    add_person(made, stage, **values)
    made.cycle()
    made.time.sleep(MINUTE)
    return made


def add_person(
    made: House, stage: Stage = Stage.LEAD, number: int = 1, **values: Any
) -> tuple[RecordId, RecordId]:
    """The same person in both CRMs, by one address."""
    email = f"person{number}@x.example"
    return (
        made.sf.add(f"00Q{number}", stage, email=email, **values),
        made.hs.add(f"10{number}", stage, email=email, **values),
    )
