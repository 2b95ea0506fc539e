"""A preview is the same whenever it is made, and what is applied of it is what was shown."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from decide_cases import AT_ONCE, SALESFORCE, few_at_once
from fakes import FakeCrm, House, add_person, house

from syncd.adapters.memory.role import Memory
from syncd.adapters.memory.store import MemoryStore
from syncd.core.preview import checksum_of, planned
from syncd.domain.action import WriteKind
from syncd.domain.audit import AuditKind
from syncd.domain.decision import Decision
from syncd.domain.names import RuleId
from syncd.domain.preview import PlannedLead, Preview
from syncd.domain.stage import Stage
from syncd.errors import LeaseLost, TransientError
from syncd.jobs.apply_preview import Applied, apply_preview
from syncd.jobs.fenced import FencedTarget
from syncd.jobs.rehearse import Rehearsal, rehearse

LEASE = timedelta(minutes=10)


class Seeing:
    """Keeps every decision, and stores them all."""

    def __init__(self) -> None:
        self.decisions: list[Decision] = []

    def allows(self, decision: Decision) -> bool:
        self.decisions.append(decision)
        return True


@dataclass
class SlowCrm(FakeCrm):
    """It takes a minute to answer, and a worker elsewhere tries to take over each time."""

    rival: MemoryStore = field(default_factory=MemoryStore)
    taken_over: bool = False

    def _asked(self, name: str) -> None:
        super()._asked(name)
        self.time.sleep(timedelta(minutes=1))
        now = self.time.now()
        self.taken_over |= self.rival.acquire(holder="elsewhere", now=now, span=LEASE)


def at_work(number: int = 3, **values: Any) -> House:
    """People at MQL, known on both sides."""
    made = house(rules=AT_ONCE)
    for each in range(1, number + 1):
        add_person(made, Stage.MQL, number=each, **values)
    made.cycle(minutes=1)
    made.time.sleep(timedelta(minutes=1))
    return made


def shown(made: House) -> Rehearsal:
    """On a copy of the store, as the command makes one."""
    copy = MemoryStore(Memory(contents=made.store._memory.contents.copy()))
    copy.acquire(holder="test", now=made.time.now(), span=timedelta(days=365))
    return rehearse(replace(made.pair, store=copy), now=made.time.now())


def kept(made: House) -> Preview:
    leads = shown(made).leads
    return Preview(
        checksum=checksum_of(leads, "config"), made_at=made.time.now(), config="c", leads=leads
    )


def applied(made: House, preview: Preview) -> Applied:
    return apply_preview(made.pair, preview, by="Ada", clock=made.time, lease=LEASE)


def words(leads: tuple[PlannedLead, ...]) -> list[str]:
    return [x.says for lead in leads for x in lead.actions]


def test_a_preview_names_each_write_with_the_gate_and_the_rule_behind_it() -> None:
    made = at_work(1, budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)

    (lead,) = shown(made).leads

    found = {x.what: x.reason for x in lead.actions}
    assert found["revert"] == "gate sql fails: budget-confirmed"
    assert found["note"] == "gate sql fails: budget-confirmed"


def test_a_preview_changes_neither_crm_nor_store() -> None:
    made = at_work()
    made.sf.move("00Q1", Stage.SQL)
    before = made.store._memory.contents

    shown(made)

    assert made.store._memory.contents is before
    assert made.sf.calls["update"] == made.hs.calls["update"] == 0


def test_the_checksum_depends_neither_on_the_clock_nor_on_the_order_of_records() -> None:
    made, other = at_work(budget_confirmed__c=False), at_work(budget_confirmed__c=False)
    for each in (made, other):
        each.sf.move("00Q1", Stage.SQL)
        each.hs.move("102", Stage.SQL)
        each.sf.edit("00Q3", title__c="CEO")
    other.time.sleep(timedelta(minutes=7))
    other.sf.records = dict(reversed(other.sf.records.items()))
    other.hs.page_size = other.sf.page_size = 1

    assert kept(made).checksum == kept(other).checksum
    other.sf.edit("00Q3", title__c="CFO")
    assert kept(made).checksum != kept(other).checksum


def test_what_is_still_the_same_is_written_and_all_else_waits_for_the_next_cycle() -> None:
    made = at_work(4)
    for each in (1, 2):
        made.sf.edit(f"00Q{each}", title__c="CEO")
    preview = kept(made)
    made.time.sleep(timedelta(minutes=1))
    made.sf.edit("00Q2", title__c="CFO")
    made.sf.edit("00Q3", title__c="CTO")

    done = applied(made, preview)

    titles = [made.hs.value(f"10{each}", "title__c") for each in (1, 2, 3)]
    assert titles == ["CEO", None, None]
    assert (done.leads, len(done.left), len(done.otherwise)) == (1, 1, 2)
    made.cycles(2)
    titles = [made.hs.value(f"10{each}", "title__c") for each in (1, 2, 3)]
    assert titles == ["CEO", "CFO", "CTO"]


def test_a_lead_that_waits_is_not_touched_and_its_move_is_recorded_once() -> None:
    made = at_work(2, budget_confirmed__c=False)
    made.sf.edit("00Q1", title__c="CEO")
    preview = kept(made)
    made.sf.move("00Q2", Stage.SQL)
    before = made.lead("00Q2")

    applied(made, preview)

    assert made.lead("00Q2") == before
    made.cycles(2)
    assert made.sf.stage("00Q2") == "mql"
    assert made.audit("00Q2").count(AuditKind.REFUSED) == 1
    assert made.audit("00Q1").count(AuditKind.APPLIED) == 1


def test_a_refused_move_is_taken_back_by_a_preview_and_only_once() -> None:
    made = at_work(1, budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)
    preview = kept(made)

    done = applied(made, preview)
    again = applied(made, preview)

    assert made.sf.stage("00Q1") == "mql"
    assert (done.leads, list(done.left)) == (1, [])
    assert again.leads == 0
    made.cycles(3)
    assert made.sf.calls["update"] == 1


def test_what_was_decided_meanwhile_and_waits_to_go_out_waits_for_a_worker() -> None:
    made = at_work(2)
    made.sf.edit("00Q1", title__c="CEO")
    preview = kept(made)
    made.sf.edit("00Q2", title__c="CTO")
    made.hs.fails["update"] = TransientError("not now")
    made.cycle(minutes=1)
    del made.hs.fails["update"]
    made.time.sleep(timedelta(hours=1))

    applied(made, preview)

    assert made.hs.value("102", "title__c") is None
    made.cycle(minutes=1)
    assert made.hs.value("102", "title__c") == "CTO"


def test_a_write_for_another_reason_is_not_the_one_that_was_shown() -> None:
    made = at_work(1, budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)
    seen = Seeing()
    copy = MemoryStore(Memory(contents=made.store._memory.contents.copy()))
    copy.acquire(holder="test", now=made.time.now(), span=timedelta(days=1))
    made.pair = replace(made.pair, store=copy, approval=seen)
    made.cycle(minutes=1)
    (decision,) = [x for x in seen.decisions if x.verdicts]
    (verdict,) = decision.verdicts
    (finding,) = verdict.findings
    other = replace(verdict, findings=(replace(finding, rule=RuleId("need-known")),))

    one, two = planned(decision), planned(replace(decision, verdicts=(other,)))

    assert "revert" in {x.what for x in one}
    assert not {x.digest for x in one} & {x.digest for x in two}


def test_who_applied_a_preview_is_recorded_though_it_is_cut_off() -> None:
    made = at_work(1)
    made.sf.edit("00Q1", title__c="CEO")
    preview = kept(made)

    lost = MemoryStore(Memory())
    targets = {x: FencedTarget(y, lost) for x, y in made.pair.targets.items()}
    made.pair = replace(made.pair, targets=targets)
    with pytest.raises(LeaseLost):
        applied(made, preview)

    assert made.audit("00Q1").count(AuditKind.APPLIED) == 1


def test_the_lease_is_held_for_as_long_as_a_preview_takes() -> None:
    made = at_work(10)
    for each in range(1, 11):
        made.sf.edit(f"00Q{each}", title__c="CEO")
    preview = kept(made)
    rival = MemoryStore(made.store._memory)
    slow = SlowCrm(SALESFORCE, made.time, records=made.sf.records, page_size=1, rival=rival)
    made.pair = replace(made.pair, crms={**made.pair.crms, SALESFORCE: slow})
    made.store.renew(now=made.time.now(), span=LEASE)
    began = made.time.now()

    done = applied(made, preview)

    assert made.time.now() - began > LEASE
    assert done.leads == 10
    assert not slow.taken_over


def test_the_brake_holds_what_a_preview_lets_through() -> None:
    made = at_work(3)
    rules = replace(made.pair.rules, policy=few_at_once(2))
    made.pair = replace(made.pair, rules=rules)
    for each in (1, 2, 3):
        made.sf.edit(f"00Q{each}", title__c="CEO")

    done = applied(made, kept(made))

    assert made.hs.calls["update"] == 0
    assert [plan.kind for plan in done.held] == [WriteKind.SYNC]
    assert (done.leads, len(done.left)) == (0, 3)
    assert AuditKind.APPLIED not in made.audit("00Q1")


def test_a_move_in_its_grace_is_shown_with_what_follows_it() -> None:
    made = house()
    add_person(made, Stage.MQL, budget_confirmed__c=False)
    made.cycle(minutes=1)
    made.time.sleep(timedelta(minutes=1))
    made.sf.move("00Q1", Stage.SQL)

    found = shown(made)

    assert words(found.leads) == []
    (waiting,) = found.waiting
    assert waiting.until == made.time.now() + timedelta(minutes=5)
    assert any("stage from sql to mql" in x.says for x in waiting.then)
