"""Whom history is asked about when both sides changed a field, and what comes of a choice."""

from dataclasses import replace
from datetime import timedelta

from decide_cases import HUBSPOT, MINUTE, SALESFORCE, TITLE
from fakes import House, add_person, house, linked

from syncd.core.disputes import mark_of
from syncd.domain.action import WriteKind
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.names import LeadId, System
from syncd.domain.order import ApplyPlan, Order, ResolveDispute
from syncd.domain.policy import Limit
from syncd.domain.stage import Stage
from syncd.errors import TransientError
from syncd.jobs.pair import Rules

PHONES = {"status", "phone__c"}


def tracked() -> House:
    """Both CRMs keep a history of the phone."""
    made = linked(phone__c="1")
    made.sf.tracked = made.hs.tracked = PHONES
    return made


def clash_of_phones(made: House) -> None:
    """Salesforce changed first; later somebody touched the rest of that record."""
    made.sf.edit("00Q1", phone__c="2")
    made.time.sleep(MINUTE)
    made.hs.edit("101", phone__c="3")
    made.time.sleep(MINUTE)
    made.sf.edit("00Q1", need__c="faster")


def disputed() -> House:
    made = linked(title__c="CFO")
    made.sf.edit("00Q1", title__c="CEO")
    made.hs.edit("101", title__c="COO")
    made.cycle(minutes=1)
    return made


def stopped_by_the_brake(made: House) -> Rules:
    """No write goes any more; the rules that held before."""
    rules = made.pair.rules
    none_at_all = dict.fromkeys(WriteKind, Limit(records=0, percent=0))
    braked = replace(rules, policy=replace(rules.policy, brake=none_at_all))
    made.pair = replace(made.pair, rules=braked)
    return rules


def choose(made: House, take: System) -> None:
    lead = made.lead()
    what = ResolveDispute(
        lead_id=lead.id, field=TITLE, take=take, shown=mark_of(lead.disputes[TITLE])
    )
    made.store.place(Order(id="o-1", what=what, by="Olga", placed_at=made.time.now()))


def test_the_later_edit_wins_though_the_other_record_was_touched_last() -> None:
    made = tracked()
    clash_of_phones(made)

    made.cycles(2)

    assert (made.sf.value("00Q1", "phone__c"), made.hs.value("101", "phone__c")) == ("3", "3")
    conflict = next(x for x in made.story().audit if x.kind is AuditKind.CONFLICT)
    assert conflict.facts["rule"] == "conflict: latest, by history"
    assert conflict.personal["salesforce_by"] == "Rita Rep"


def test_without_history_on_one_side_the_record_touched_last_wins_and_the_audit_says_so() -> None:
    made = tracked()
    made.sf.tracked = {"status"}
    clash_of_phones(made)

    made.cycles(2)

    assert made.hs.value("101", "phone__c") == "2"
    conflict = next(x for x in made.story().audit if x.kind is AuditKind.CONFLICT)
    assert conflict.facts["rule"] == "conflict: latest, by record"


def test_history_is_asked_once_a_side_for_all_clashes_and_not_at_all_without_one() -> None:
    made = tracked()
    add_person(made, number=2, phone__c="1")
    made.cycle(minutes=1)
    before = made.sf.calls["history"], made.hs.calls["history"]
    made.sf.edit("00Q1", phone__c="9")
    made.cycle(minutes=1)
    one_sided = made.sf.calls["history"], made.hs.calls["history"]
    for number in (1, 2):
        made.sf.edit(f"00Q{number}", phone__c="2")
        made.hs.edit(f"10{number}", phone__c="3")

    made.cycle(minutes=1)

    # each side's stage history is asked once for its records read, the contested one once more
    assert one_sided[1] == before[1]
    assert made.sf.calls["history"] - one_sided[0] == 2
    assert made.hs.calls["history"] - one_sided[1] == 2


def test_a_side_whose_history_cannot_be_asked_is_down_and_nothing_is_decided_by_guess() -> None:
    made = tracked()
    clash_of_phones(made)
    made.hs.fails = {"history": TransientError("no answer")}

    made.cycle(minutes=1)

    assert AuditKind.CONFLICT not in made.audit()


def test_a_page_that_cannot_be_decided_without_the_other_crm_is_read_again() -> None:
    made = house()
    made.sf.tracked = made.hs.tracked = PHONES
    for number in (1, 2):
        add_person(made, number=number, phone__c="1")
    made.cycle()
    made.sf.fails = {"update": TransientError("no answer")}
    made.time.sleep(MINUTE)
    made.hs.edit("102", phone__c="3")
    made.cycle(minutes=1)
    made.hs.fails, made.sf.page_size = {"history": TransientError("no answer")}, 1
    made.sf.edit("00Q1", need__c="faster")
    made.sf.edit("00Q2", phone__c="2")

    report = made.cycle(minutes=1)
    made.hs.fails.clear()
    made.cycle(minutes=60)

    assert report.down.keys() == {SALESFORCE, HUBSPOT}
    assert made.hs.value("102", "phone__c") == "2"


def test_an_edit_over_our_write_under_way_is_told_apart_by_history_too() -> None:
    made = tracked()
    made.sf.fails = {"update": TransientError("no answer")}
    made.hs.edit("101", phone__c="3")
    made.cycle(minutes=1)
    made.sf.edit("00Q1", phone__c="2")

    made.cycle(minutes=1)

    assert made.hs.value("101", "phone__c") == "2"
    conflict = next(x for x in made.story().audit if x.kind is AuditKind.CONFLICT)
    assert conflict.facts["rule"] == "conflict: latest, by history"


def test_a_conflict_held_by_the_brake_is_decided_later_by_the_same_history() -> None:
    made = tracked()
    rules = stopped_by_the_brake(made)
    clash_of_phones(made)
    made.cycle(minutes=1)
    made.pair = replace(made.pair, rules=rules)
    (plan,) = made.store.open_plans()
    made.store.place(
        Order(id="o-1", what=ApplyPlan(plan_id=plan.id), by="ops", placed_at=made.time.now())
    )

    made.cycles(2, minutes=1)

    assert (made.sf.value("00Q1", "phone__c"), made.hs.value("101", "phone__c")) == ("3", "3")
    done = made.store.plan(plan.id)
    assert done is not None
    assert [held.result for held in done.leads] == ["applied"]


def test_a_choice_reaches_the_other_crm_and_the_audit_says_who_chose() -> None:
    made = disputed()
    choose(made, SALESFORCE)

    made.cycles(2, minutes=1)

    assert made.hs.value("101", "title__c") == "CEO"
    assert made.lead().disputes == {}
    resolved = next(x for x in made.story().audit if x.kind is AuditKind.RESOLVED)
    assert resolved.personal["by"] == "Olga"
    assert made.store.waiting() == []


def test_an_edit_just_before_the_choice_is_delivered_is_kept_and_told() -> None:
    made = disputed()
    choose(made, SALESFORCE)
    made.hs.fails = {"update": TransientError("no answer")}
    made.cycle(minutes=1)
    made.hs.fails = {}
    made.hs.edit("101", title__c="CTO")

    made.cycles(2, minutes=1)

    assert made.hs.value("101", "title__c") == "CTO"
    assert made.lead().disputes[TITLE].values == {SALESFORCE: "CEO", HUBSPOT: "CTO"}
    assert made.slack.kinds().count(AlertKind.CONFLICT) == 2


def test_a_choice_is_made_however_much_the_brake_holds() -> None:
    made = disputed()
    stopped_by_the_brake(made)
    made.hs.edit("101", phone__c="9")
    made.cycle(minutes=1)
    choose(made, SALESFORCE)

    made.cycle(minutes=1)

    assert made.hs.value("101", "title__c") == "CEO"
    assert made.sf.value("00Q1", "phone__c") != "9"
    assert made.store.spent(made.time.now() - timedelta(hours=1))[WriteKind.SYNC] == 1
    assert made.store.waiting() == []


def test_a_choice_is_made_while_its_lead_is_held_and_frees_it_not() -> None:
    made = disputed()
    stopped_by_the_brake(made)
    made.hs.move("101", Stage.NURTURE)
    made.cycle(minutes=1)
    choose(made, SALESFORCE)

    made.cycle(minutes=1)

    assert made.hs.value("101", "title__c") == "CEO"
    assert made.lead().held


def test_a_choice_about_a_lead_that_is_gone_ends_there() -> None:
    made = disputed()
    nobody = ResolveDispute(lead_id=LeadId("ld_none"), field=TITLE, take=HUBSPOT, shown="")
    made.store.place(Order(id="o-1", what=nobody, by="Olga", placed_at=made.time.now()))

    made.cycle(minutes=1)

    assert made.store.waiting() == []
