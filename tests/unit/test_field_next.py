"""What comes next of one field, in a sentence: the same the worker would decide."""

from dataclasses import replace

from core_cases import NOW
from decide_cases import (
    EMAIL,
    HUBSPOT,
    MARKS,
    PHONE,
    SALESFORCE,
    THE_MAP,
    TITLE,
    context,
    known,
    look,
    shows,
    side,
)

from syncd.cli.field_next import what_next
from syncd.domain.action import WriteKind
from syncd.domain.decision import Observation, Plan, PlanState
from syncd.domain.lead import Lead
from syncd.domain.mapping import Mark
from syncd.domain.names import FieldName, PlanId
from syncd.domain.record import Edit
from syncd.domain.stage import Stage
from syncd.domain.values import Unreadable


def seeing(lead: Lead, *seen: Observation) -> Lead:
    """The lead as its records show it now, with nothing decided yet."""
    sides = {x.snapshot.system: x.snapshot for x in seen}
    shown = {s: replace(x, seen=sides.get(s, x.seen)) for s, x in lead.sides.items()}
    return replace(lead, sides=shown)


def told(lead: Lead, field: FieldName = TITLE, *plans: Plan) -> str:
    return what_next(lead, THE_MAP.fields[field], context(), plans)


def test_agreement_needs_nothing() -> None:
    assert told(known(title="CFO")) == "Both CRMs show the same: nothing to do."


def test_a_change_is_written_to_the_other_side_next() -> None:
    lead = known(title="CFO")

    said = told(seeing(lead, shows(lead, HUBSPOT, title="CEO")))

    assert said == "The next cycle writes CEO to Salesforce (changed in HubSpot)."


def test_a_change_the_brake_holds_back_says_where_it_waits() -> None:
    lead = known(title="CFO")
    plan = Plan(
        id=PlanId("plan-sync"),
        kind=WriteKind.SYNC,
        state=PlanState.OPEN,
        opened_at=NOW,
        reason="",
        leads=(),
    )

    said = told(seeing(lead, shows(lead, HUBSPOT, title="CEO")), TITLE, plan)

    assert said == (
        "The brake holds the write of CEO to Salesforce (changed in HubSpot): "
        "`syncd plan show plan-sync`."
    )


def test_a_difference_the_native_connector_has_to_end_says_which_line_to_change() -> None:
    lead = known(title="CFO")
    lead = seeing(lead, shows(lead, HUBSPOT, title="CEO"))
    ctx = replace(context(), left_to_connector=frozenset({TITLE}))

    said = what_next(lead, THE_MAP.fields[TITLE], ctx, ())

    assert said.startswith("It is left to the native connector, until you change one of them: ")
    assert 'field "title": direction: ' in said


def test_a_write_decided_already_is_on_its_way() -> None:
    lead = known(title="CFO")
    decided = look(lead, shows(lead, HUBSPOT, title="CEO")).lead

    assert told(decided) == "CEO is on its way to Salesforce."


def test_the_latest_is_told_with_what_history_says() -> None:
    lead = known(phone="1")
    clash = seeing(lead, shows(lead, SALESFORCE, phone="2"), shows(lead, HUBSPOT, phone="3"))
    at = {HUBSPOT: NOW, SALESFORCE: lead.first_seen_at}
    sides = {s: replace(x, edits={PHONE: Edit(at=at[s])}) for s, x in clash.sides.items()}

    said = told(replace(clash, sides=sides), PHONE)

    assert said == "The next cycle writes 3 to Salesforce (latest, by history)."


def test_a_dispute_waits_for_a_person_and_says_what_to_type() -> None:
    lead = known(title="CFO")
    clash = seeing(lead, shows(lead, SALESFORCE, title="CEO"), shows(lead, HUBSPOT, title="COO"))

    assert told(clash).startswith("It waits for a person: `syncd conflicts resolve 00Q1 title")


def test_an_old_disagreement_rests() -> None:
    lead = known(Stage.LEAD, side(SALESFORCE, title="CFO"), side(HUBSPOT, title="CEO"))

    assert told(lead).startswith("The sides differ and have rested so")


def test_what_does_not_flow_stays_and_says_why() -> None:
    lead = known(email="a@x.example")

    said = told(seeing(lead, shows(lead, HUBSPOT, email="b@x.example")), EMAIL)

    assert said == "Each side keeps what it has: email does not flow that way."


def test_a_side_that_cannot_be_read_holds_everything_up() -> None:
    lead = known(title="CFO")

    said = told(seeing(lead, shows(lead, HUBSPOT, title=Unreadable("hidden"))))

    assert said == "One side cannot be read: nothing is written until it can."


def test_a_held_lead_names_its_plan() -> None:
    held = replace(known(title="CFO"), held=PlanId("plan-sync-1"))

    assert "`syncd plan show plan-sync-1`" in told(held)


def test_a_lone_record_has_nobody_to_tell() -> None:
    alone = known(Stage.LEAD, side(HUBSPOT, title="CFO"))

    assert told(alone) == "The lead has only one record: nothing travels."


def test_a_field_of_one_crm_never_travels() -> None:
    spec = THE_MAP.fields[TITLE]
    only = replace(spec, properties={HUBSPOT: "jobtitle"})

    assert what_next(known(), only, context(), ()).startswith("Only HubSpot has this field")


def test_a_field_syncd_itself_writes_is_told_so() -> None:
    mark = MARKS[Mark.VERDICT]

    assert told(known(), mark) == "Only syncd writes this field, to explain itself."
