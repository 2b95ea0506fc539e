"""What each check says of facts; that they are found in a real office is an acceptance test."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from core_cases import COMPANY, CRM, NOW, POLICY, gate
from doctor_cases import (
    QUEUE,
    SIGNED,
    STANDARD,
    H,
    S,
    facts,
    ids,
    login,
    schema,
    setup,
    side,
    slack,
    with_side,
)

from syncd.core.doctor.examine import examine
from syncd.core.doctor.facts import (
    NOT_ASKED,
    ChannelFacts,
    Drift,
    ListFacts,
    NativeDrift,
    SideFacts,
    StoreFacts,
    Unseen,
)
from syncd.core.doctor.finding import Finding, Severity, exit_code
from syncd.core.doctor.rights import needs
from syncd.core.rejection import REJECTION_REASON
from syncd.core.wanted import wanted
from syncd.domain.mapping import Mark
from syncd.domain.names import FieldName, System
from syncd.domain.record import Directory, Person, PropertySchema
from syncd.domain.stage import Stage, StageLine
from syncd.domain.standard import AfterRejection, RejectionReason
from syncd.domain.values import Direction, FieldSpec, FieldType

DAY = timedelta(days=1)
ARCHIVED, OUTSIDE = "slack-channel-archived", "slack-bot-not-in-channel"
STORE = StoreFacts(place="syncd.db", newest="0005", is_writable=True)


def only(found: tuple[Finding, ...]) -> Finding:
    (finding,) = found
    return finding


def test_a_healthy_office_has_nothing() -> None:
    assert examine(facts()) == ()


# --- severity and exit codes


@pytest.mark.parametrize(
    ("severities", "code"),
    [((), 0), (("note",), 0), (("note", "warning"), 4), (("warning", "error"), 1)],
)
def test_the_exit_code_is_that_of_the_worst(severities: tuple[str, ...], code: int) -> None:
    found = [
        Finding(id="x", severity=Severity(x), what="", where="", why="", fix="") for x in severities
    ]
    assert exit_code(found) == code


def test_the_same_thing_is_said_once_however_many_fields_show_it() -> None:
    """Two fields on one property that is missing."""
    crm = replace(CRM, fields={**CRM.fields, FieldName("firm"): CRM.fields[COMPANY]})
    the_setup = setup(crm=crm)
    hidden = {k: v for k, v in schema(H, the_setup).items() if k != f"{COMPANY}__c"}
    plain = facts(the_setup)
    sides = {**plain.sides, H: side(H, the_setup, schema=hidden)}
    assert ids(replace(plain, sides=sides)) == ["field-missing"]


# --- the configuration


def test_what_a_team_did_not_sign_is_named() -> None:
    half = replace(STANDARD, signatures=SIGNED[:1])
    assert "sales" in only(examine(facts(setup(standard=half)))).fix


# --- reaching a CRM


@pytest.mark.parametrize(
    ("why", "ailment"),
    [
        (Unseen("wrong token", refused=True), "credentials-refused"),
        (Unseen("used up", spent=True), "api-used-up"),
        (Unseen("no answer"), "crm-unreachable"),
    ],
)
def test_a_crm_that_cannot_be_seen_is_one_finding(why: Unseen, ailment: str) -> None:
    unseen = SideFacts(login=why)
    plain = facts()
    assert ids(replace(plain, sides={**plain.sides, S: unseen})) == [ailment]


def test_a_crm_nobody_asked_says_nothing_by_itself() -> None:
    plain = facts()
    unasked = SideFacts(login=NOT_ASKED)
    assert ids(replace(plain, sides={**plain.sides, H: unasked})) == []


@pytest.mark.parametrize("fact", ["granted", "schema", "directory", "tracked", "lists"])
def test_what_cannot_be_looked_at_is_said_and_never_taken_for_healthy(fact: str) -> None:
    assert ids(with_side(S, **{fact: Unseen("forbidden")})) == ["cannot-see"]


def test_another_account_than_the_stores_is_wrong_too() -> None:
    found = only(examine(facts(known_accounts={S: "00D1"})))
    assert (found.id, found.what) == (
        "wrong-account",
        "the store is of organisation 00D1, but the credentials belong to salesforce",
    )


@pytest.mark.parametrize(("seconds", "words"), [(61, "61 s ahead of"), (-61, "61 s behind")])
def test_a_clock_is_off_whichever_way(seconds: int, words: str) -> None:
    off = login(S, asked_at=NOW + timedelta(seconds=seconds))
    found = only(examine(with_side(S, login=off)))
    assert (found.id, found.what) == ("clock-skew", f"this machine's clock is {words} Salesforce's")


def test_a_minute_of_doubt_is_no_skew() -> None:
    assert ids(with_side(S, login=login(S, asked_at=NOW + timedelta(seconds=60)))) == []


def test_nothing_is_said_of_calls_where_the_vendor_does_not_tell() -> None:
    assert ids(with_side(H, used=None, allowed=None)) == []


def test_a_zone_nobody_knows_is_not_compared() -> None:
    assert ids(with_side(S, login=login(S, time_zone="Mars/Olympus"))) == []


def test_zones_of_another_name_and_the_same_clock_are_one() -> None:
    assert ids(with_side(S, login=login(S, time_zone="Europe/Rome"))) == []


def test_an_app_hubspot_does_not_tell_must_be_named_in_crm_yaml() -> None:
    unknown = login(H, app_id=None)
    assert ids(with_side(H, login=unknown)) == ["app-unknown"]
    named = facts(setup(app_id="9"))
    sides = {**named.sides, H: side(H, login=unknown)}
    assert ids(replace(named, sides=sides)) == []


# --- rights


def test_only_what_the_configuration_uses_is_asked_for() -> None:
    recycle = replace(POLICY.recycle, nurture_list="87", campaign="701")
    asking = setup(
        crm=replace(CRM, create_in=dict.fromkeys(System, Stage.MQL)),
        policy=replace(POLICY, recycle=recycle),
    )
    more = {
        system: {x.right for x in needs(system, asking)} - {x.right for x in needs(system, setup())}
        for system in System
    }
    assert more == {
        S: {"Lead.createable", "CampaignMember.createable", "Campaign.queryable"},
        H: {"crm.lists.write", "crm.lists.read"},
    }


def test_opportunities_are_read_where_a_stage_line_asks_for_them() -> None:
    won = StageLine(stage=Stage.CUSTOMER, values={"ConvertedOpportunity.IsWon": "true"})
    sides = {**CRM.sides, S: replace(CRM.sides[S], stages=(won,))}
    asking = setup(crm=replace(CRM, sides=sides))
    assert "Opportunity.queryable" in {x.right for x in needs(S, asking)}


def test_every_missing_right_says_where_to_tick_it() -> None:
    fixes = [x.fix for system in System for x in examine(with_side(system, granted=frozenset()))]
    assert len(fixes) == sum(len(needs(system, setup())) for system in System)
    assert all("Setup > " in fix or "Settings > " in fix for fix in fixes)


# --- fields


def changed(name: str, **changes: object) -> list[str]:
    shown = schema(S, setup())
    there: PropertySchema = replace(shown[name], **changes)  # type: ignore[arg-type]  # by name
    return ids(with_side(S, schema={**shown, name: there}))


def test_a_hidden_external_id_is_no_mark_but_a_missing_field() -> None:
    crm = replace(CRM, sides={**CRM.sides, S: replace(CRM.sides[S], external_id="Id__c")})
    the_setup = setup(crm=crm)
    hidden = {k: v for k, v in schema(S, the_setup).items() if k != "Id__c"}
    plain = facts(the_setup)
    sides = {**plain.sides, S: side(S, the_setup, schema=hidden)}
    assert ids(replace(plain, sides=sides)) == ["field-missing"]


def test_a_path_that_leads_nowhere_is_a_missing_field() -> None:
    spec = replace(CRM.fields[COMPANY], properties={S: "Owner.Department"})
    the_setup = setup(crm=replace(CRM, fields={**CRM.fields, COMPANY: spec}))
    hidden = {k: v for k, v in schema(S, the_setup).items() if k != "Owner.Department"}
    plain = facts(the_setup)
    sides = {**plain.sides, S: side(S, the_setup, schema=hidden)}
    assert ids(replace(plain, sides=sides)) == ["field-missing"]


def test_a_field_of_the_contact_is_looked_for_on_the_contact() -> None:
    lead = replace(CRM.sides[S], converted_kind="Contact", converted_path="ConvertedContact")
    spec = replace(CRM.fields[COMPANY], converted="Firm__c")
    crm = replace(CRM, sides={**CRM.sides, S: lead}, fields={**CRM.fields, COMPANY: spec})
    the_setup = setup(crm=crm)
    plain = facts(the_setup)
    whole = schema(S, the_setup)
    assert ids(plain) == []
    hidden = {k: v for k, v in whole.items() if k != "ConvertedContact.Firm__c"}
    found = examine(replace(plain, sides={**plain.sides, S: side(S, the_setup, schema=hidden)}))
    assert only(found).what.startswith("Contact Firm__c")


def test_a_field_that_is_only_read_may_be_read_only() -> None:
    assert changed(f"{COMPANY}__c", writable=False) == []


def test_a_field_that_is_written_may_not() -> None:
    spec = replace(CRM.fields[COMPANY], direction=Direction.TO_SALESFORCE)
    the_setup = setup(crm=replace(CRM, fields={**CRM.fields, COMPANY: spec}))
    shown = schema(S, the_setup)
    locked = {**shown, f"{COMPANY}__c": replace(shown[f"{COMPANY}__c"], writable=False)}
    plain = facts(the_setup)
    sides = {**plain.sides, S: side(S, the_setup, schema=locked)}
    assert ids(replace(plain, sides=sides)) == ["field-read-only"]


def test_no_options_are_missed_where_none_are_offered() -> None:
    assert changed("status", offered=()) == []


# --- stages


def test_stages_outside_the_funnel_may_stand_anywhere() -> None:
    shown = schema(S, setup())
    lowest_last = (*shown["status"].offered[2:], *shown["status"].offered[:2])
    assert "status-order" not in changed("status", offered=lowest_last)


def test_a_value_that_tells_two_stages_counts_as_either() -> None:
    lines = (
        StageLine(stage=Stage.SAL, values={"lifecyclestage": "mql", "status": "working"}),
        StageLine(stage=Stage.MQL, values={"lifecyclestage": "mql"}),
        StageLine(stage=Stage.SQL, values={"lifecyclestage": "sql"}),
    )

    assert found_in_order(lines, "mql", "sql") == []
    assert found_in_order(lines, "sql", "mql") == ["stage-order"]
    assert found_in_order(lines, "mql", "sql", "other") == []
    assert found_in_order(lines, "mql", "sql", "51439524") == ["stage-value-unmapped"]


def test_a_value_that_tells_a_lower_and_a_higher_stage_may_stand_before_one_between() -> None:
    lines = (
        StageLine(stage=Stage.SQL, values={"lifecyclestage": "both", "status": "working"}),
        StageLine(stage=Stage.MQL, values={"lifecyclestage": "both"}),
        StageLine(stage=Stage.SAL, values={"lifecyclestage": "sal"}),
    )

    assert found_in_order(lines, "both", "sal") == []


def found_in_order(lines: tuple[StageLine, ...], *offered: str) -> list[str]:
    """With these options of the lifecycle stage, in this order."""
    the_setup = setup(crm=replace(CRM, sides={**CRM.sides, H: replace(CRM.sides[H], stages=lines)}))
    shown = schema(H, the_setup)
    life = replace(shown["lifecyclestage"], offered=offered)
    plain = facts(the_setup)
    seen = side(H, the_setup, schema={**shown, "lifecyclestage": life})
    return ids(replace(plain, sides={**plain.sides, H: seen}))


def test_a_value_a_line_leaves_open_is_mapped() -> None:
    lines = (
        StageLine(stage=Stage.SAL, values={"lifecyclestage": "mql", "status": "working"}),
        StageLine(stage=Stage.MQL, values={"lifecyclestage": "mql"}),
    )
    crm = replace(CRM, sides={**CRM.sides, H: replace(CRM.sides[H], stages=lines)})
    the_setup = setup(crm=crm)
    shown = schema(H, the_setup)
    status = replace(shown["status"], offered=("working", "new"))
    plain = facts(the_setup)
    seen = side(H, the_setup, schema={**shown, "status": status})
    assert ids(replace(plain, sides={**plain.sides, H: seen})) == []


# --- lists and people


def test_a_queue_is_looked_for_in_salesforce_alone() -> None:
    recycle = replace(POLICY.recycle, owner=QUEUE.owner)
    the_setup = setup(policy=replace(setup().policy, recycle=recycle))
    nobody = Directory(by_id={}, by_user_id={}, by_owner={})
    sides = {x: side(x, the_setup, directory=nobody) for x in System}
    found = only(examine(replace(facts(the_setup), sides=sides)))
    assert (found.id, found.what) == (
        "person-unknown",
        "the queue Nurture is unknown in Salesforce",
    )


def test_a_missing_campaign_is_called_one() -> None:
    recycle = replace(POLICY.recycle, campaign="701")
    the_setup = setup(policy=replace(setup().policy, recycle=recycle))
    assert only(examine(facts(the_setup))).what == "there is no campaign 701"


def test_a_static_list_is_fine() -> None:
    recycle = replace(POLICY.recycle, nurture_list="87")
    the_setup = setup(policy=replace(setup().policy, recycle=recycle))
    plain = facts(the_setup)
    there = {"87": ListFacts(name="Nurture", takes_members=True)}
    sides = {**plain.sides, H: side(H, the_setup, lists=there)}
    assert ids(replace(plain, sides=sides)) == []


def test_who_is_inactive_gets_no_leads() -> None:
    gone = replace(QUEUE, active=False)
    found = only(examine(with_side(S, directory=directory(gone))))
    assert found.what == "the queue Nurture is inactive in Salesforce"


def test_a_person_must_be_an_owner_in_both_crms() -> None:
    rep = Person(id="1", owner="rep@x.example", name="Rep", email="rep@x.example", active=True)
    recycle = replace(POLICY.recycle, owner=rep.owner)
    the_setup = setup(policy=replace(setup().policy, recycle=recycle))
    plain = facts(the_setup, slack=None)
    sides = {**plain.sides, S: side(S, the_setup, directory=directory(rep))}
    assert only(examine(replace(plain, sides=sides))).what == "rep@x.example is unknown in HubSpot"


def directory(person: Person) -> Directory:
    by_owner: Mapping[str, Person] = {person.owner: person}
    return Directory(by_id={}, by_user_id={}, by_owner=by_owner)


# --- Slack


def test_private_channels_scopes_do_as_well() -> None:
    scopes = {"chat:write", "users:read", "users:read.email", "groups:read", "groups:history"}
    assert ids(facts(slack=slack(scopes=frozenset(scopes)))) == []


@pytest.mark.parametrize(
    ("unseen", "ailment"),
    [
        ({"channels": Unseen("no answer")}, "cannot-see"),
        ({"line": Unseen("no answer")}, "cannot-see"),
        ({"people": Unseen("no answer")}, "cannot-see"),
        ({"line": Unseen("wrong token", refused=True)}, "slack-app-token-refused"),
    ],
)
def test_a_part_of_slack_that_cannot_be_seen(unseen: dict[str, Unseen], ailment: str) -> None:
    assert ids(facts(slack=slack(**unseen))) == [ailment]


def test_people_slack_may_not_tell_of_are_not_missed_for_the_scope_is() -> None:
    assert ids(facts(slack=slack(people=Unseen("no scope", refused=True)))) == []


# --- the store


@pytest.mark.parametrize(
    ("change", "ailment"),
    [
        ({"free": 999_999_999}, "store-space-low"),
        ({"log": 512_000_001}, "store-log-large"),
        ({"journal": "delete"}, "store-not-wal"),
        ({"schema": "0001"}, "store-schema-old"),
        ({"damage": "row 7 missing"}, "store-damaged"),
        ({"is_writable": False}, "store-not-writable"),
    ],
)
def test_what_is_wrong_with_a_store(change: dict[str, object], ailment: str) -> None:
    store = replace(STORE, **change)  # type: ignore[arg-type]  # by name
    assert ids(facts(store=store)) == [ailment]


def test_a_sound_store_with_room() -> None:
    store = replace(STORE, schema="0005", journal="wal", free=1_000_000_000, log=0)
    assert ids(facts(store=store)) == []


def test_a_look_for_the_connector_that_failed_is_said() -> None:
    assert ids(facts(connector=Unseen("no answer"))) == ["cannot-see"]


def test_what_the_connector_moves_is_unknown_where_hubspot_is() -> None:
    assert ids(facts(connector=NOT_ASKED)) == []


# --- what a map with marks and options wants


ROLE = FieldSpec(
    name=FieldName("role"),
    type=FieldType.PICKLIST,
    properties={S: "Role__c"},
    options={S: {"champion": "Champion", "user": "User"}},
    where="crm.yaml:7",
)
VERDICT = FieldSpec(
    name=FieldName("syncd_verdict"),
    type=FieldType.STRING,
    properties={S: "Verdict__c"},
    options={},
)
RICH = setup(
    crm=replace(
        CRM,
        fields={**CRM.fields, ROLE.name: ROLE, VERDICT.name: VERDICT},
        marks={Mark.VERDICT: VERDICT.name},
        sides={**CRM.sides, S: replace(CRM.sides[S], external_id="Id__c")},
    )
)


@pytest.mark.parametrize(
    ("name", "change", "ailment"),
    [
        ("Verdict__c", None, "mark-missing"),
        ("Verdict__c", {"max_length": 254}, "field-too-short"),
        ("Verdict__c", {"type": "datetime"}, "field-type"),
        ("Role__c", {"offered": ("Champion",)}, "option-missing"),
        ("Role__c", {"offered": ("Champion", "User", "Fan")}, "option-unmapped"),
        ("Id__c", {"unique": False}, "external-id-not-unique"),
        ("Id__c", {"max_length": 20}, "field-too-short"),
        ("status", None, "stage-property-missing"),
        ("status", {"offered": ("mql",)}, "stage-value-missing"),
    ],
)
def test_what_is_wrong_with_a_field(
    name: str, change: dict[str, object] | None, ailment: str
) -> None:
    shown = dict(schema(S, RICH))
    there = shown.pop(name)
    if change is not None:
        shown[name] = replace(there, **change)  # type: ignore[arg-type]  # by name
    plain = facts(RICH)
    sides = {**plain.sides, S: side(S, RICH, schema=shown)}
    assert ids(replace(plain, sides=sides)) == [ailment]


def test_history_that_is_not_kept_is_named_by_field() -> None:
    found = only(examine(with_side(S, tracked=frozenset())))
    assert (found.id, found.fix.endswith("tick status.")) == ("history-off", True)


def test_a_status_of_the_crm_that_stands_too_late_is_a_note() -> None:
    plain = schema(S, setup())["status"].offered
    assert changed("status", offered=tuple(reversed(plain)))[-1] == "status-order"


# --- the rest of what an office can have


@pytest.mark.parametrize(
    ("system", "change", "ailment"),
    [
        (S, {"used": 80_000}, "api-nearly-used"),
        (S, {"allowed": 9_000}, "api-share-small"),
        (H, {"login": login(H, time_zone="Asia/Tokyo")}, "time-zones-differ"),
        (H, {"login": login(H, account="other")}, "wrong-account"),
        (S, {"login": login(S, has_leads=True)}, "integration-user-is-a-person"),
    ],
)
def test_what_is_wrong_with_a_login(
    system: System, change: dict[str, object], ailment: str
) -> None:
    assert ids(with_side(system, **change)) == [ailment]


def test_an_approver_is_no_integration_user() -> None:
    policy = replace(setup().policy, approvers=("boss@x.example",))
    the_setup = setup(policy=policy)
    plain = facts(the_setup, slack=None)
    sides = {**plain.sides, S: side(S, the_setup, login=login(S, email="Boss@x.example"))}
    assert ids(replace(plain, sides=sides)) == ["integration-user-is-a-person"]


def test_an_app_of_another_number_is_told_by_its_own() -> None:
    found = only(examine(facts(setup(app_id="2"))))
    assert (found.id, ": 1." in found.fix) == ("app-unknown", True)


@pytest.mark.parametrize(
    ("change", "ailment"),
    [
        ({"missing": ("SYNCD_HUBSPOT_TOKEN",)}, "secret-missing"),
        ({"standard": replace(STANDARD, gates={Stage.MQL: gate()})}, "gate-without-mode"),
        ({"standard": replace(STANDARD, review_by=NOW.date() - DAY)}, "standard-past-review"),
    ],
)
def test_what_is_wrong_with_the_configuration(change: dict[str, object], ailment: str) -> None:
    assert set(ids(facts(setup(**change)))) == {ailment}


@pytest.mark.parametrize(
    ("change", "ailment"),
    [
        ({"scopes": Unseen("wrong", refused=True)}, "slack-token-refused"),
        ({"scopes": Unseen("no answer")}, "slack-unreachable"),
        ({"channels": {}}, "slack-channel-missing"),
        ({"channels": {"revops": ChannelFacts(is_archived=True, has_bot=True)}}, ARCHIVED),
        ({"channels": {"revops": ChannelFacts(is_archived=False, has_bot=False)}}, OUTSIDE),
        ({"line": None}, "slack-app-token-missing"),
        ({"people": frozenset()}, "slack-person-unknown"),
    ],
)
def test_what_is_wrong_with_slack(change: dict[str, object], ailment: str) -> None:
    assert ids(facts(slack=slack(**change))) == [ailment]


def test_a_store_that_cannot_be_opened() -> None:
    assert ids(facts(store=Unseen("it is locked"))) == ["store-unusable"]


def test_an_active_list_takes_nobody() -> None:
    recycle = replace(POLICY.recycle, nurture_list="87")
    the_setup = setup(policy=replace(setup().policy, recycle=recycle))
    plain = facts(the_setup)
    there = {"87": ListFacts(name="Warm", takes_members=False)}
    sides = {**plain.sides, H: side(H, the_setup, lists=there)}
    assert ids(replace(plain, sides=sides)) == ["list-not-static"]


def test_a_field_both_move_is_named_with_its_line() -> None:
    spec = replace(CRM.fields[COMPANY], direction=Direction.BOTH, where="crm.yaml:9")
    the_setup = setup(crm=replace(CRM, fields={**CRM.fields, COMPANY: spec}))
    found = only(examine(facts(the_setup, connector=frozenset({COMPANY}))))
    assert (found.id, found.where) == ("connector-overlap", "crm.yaml:9")


@pytest.mark.parametrize("kind", Drift)
def test_rules_that_differ_in_salesforce(kind: Drift) -> None:
    drift = NativeDrift(kind=kind, name="Syncd_x", says="it differs", fix="deploy it")
    found = only(examine(facts(native=(drift,))))
    assert (found.id, found.fix) == (f"native-rule-{kind}", "deploy it.")


def test_rules_nobody_may_look_at() -> None:
    assert ids(facts(native=Unseen("forbidden"))) == ["cannot-see"]


def test_hubspots_own_fields_are_nobodys_to_make() -> None:
    made = {x.name: x.can_be_made for x in wanted(RICH.policy, RICH.crm).fields if x.system is H}
    assert not made["email"]
    assert made["company__c"]


def test_options_of_a_rejection_are_its_ids_or_its_words() -> None:
    rejections = {
        "no-budget": RejectionReason(id="no-budget", says="No budget", then=AfterRejection.NURTURE)
    }
    options = {S: {"No budget": "No budget", "no-budget": "NB", "because": "Because"}}
    spec = FieldSpec(name=REJECTION_REASON, type=FieldType.PICKLIST, properties={}, options=options)
    the_setup = setup(
        standard=replace(STANDARD, rejections=rejections),
        crm=replace(CRM, fields={**CRM.fields, spec.name: spec}),
    )
    found = only(examine(facts(the_setup)))
    assert (found.id, '"because"' in found.what) == ("rejection-reason-unknown", True)


def test_a_signature_under_another_content_is_none() -> None:
    moved_on = replace(STANDARD, signatures=SIGNED[:1], void=(replace(SIGNED[1], digest="ab"),))
    found = only(examine(facts(setup(standard=moved_on))))
    assert (found.id, "for another content" in found.what) == ("standard-unsigned", True)
