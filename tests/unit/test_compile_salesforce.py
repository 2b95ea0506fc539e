"""Guards as metadata: names, lengths, messages, and what becomes of what a formula cannot say."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from formula_cases import (
    crm_of,
    gate_of,
    one_rule,
    rule_of,
    scoring_of,
    source_of,
    spec_of,
    standard_of,
)

from syncd.compile.formula_guards import Guard, Held, Source, compile_guards
from syncd.compile.salesforce import metadata_files, stamp_of
from syncd.domain.names import FieldName, RuleId, System
from syncd.domain.policy import Mode
from syncd.domain.stage import Stage, StageLine
from syncd.domain.standard import (
    AnyOf,
    AtLeast,
    BandName,
    Condition,
    DecayingPoints,
    FieldTest,
    Gate,
    Is,
    Matches,
    NoneOf,
    OneOf,
    Present,
    Variant,
    Within,
)
from syncd.domain.values import Direction, FieldType
from syncd.settings.patterns import compile_pattern

SEEN, MORE = FieldName("seen"), FieldName("more")
STAFF = FieldTest(SEEN, AtLeast(50))
NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"


def held(source: Source) -> tuple[Held, ...]:
    return compile_guards(source).held


def guards(source: Source) -> tuple[Guard, ...]:
    return compile_guards(source).guards


def only_held(condition: Condition, *kinds: FieldType, path: str = "") -> str:
    """The reason why a rule has no guard."""
    specs = [spec_of(kinds[0], path=path), *(spec_of(x, "more") for x in kinds[1:])]
    found = one_rule("it", specs, condition, {}).compiled
    assert not found.guards
    (one,) = found.held
    assert (one.gate, one.what) == (Stage.SQL, "it")
    return one.why


def source(condition: Condition = STAFF, kind: FieldType = FieldType.INTEGER) -> Source:
    return one_rule("it", [spec_of(kind)], condition, {}).source


# --- what is listed instead of guessed ---------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "kind", "reason"),
    [
        (FieldTest(FieldName("unheard"), Present()), FieldType.STRING, "Salesforce has no field"),
        (FieldTest(SEEN, Present()), FieldType.OWNER, "an owner's id"),
        (FieldTest(SEEN, Is("x")), FieldType.MULTI_PICKLIST, "nothing else is selected"),
        (FieldTest(SEEN, Is("a\tb")), FieldType.STRING, "control character"),
        (FieldTest(SEEN, Within(last=timedelta(days=40_000))), FieldType.DATE, "hundred years"),
        (FieldTest(SEEN, Present()), FieldType.BOOLEAN, "never empty"),
    ],
)
def test_what_a_formula_cannot_say_is_held_by_the_daemon(
    condition: Condition, kind: FieldType, reason: str
) -> None:
    assert reason in only_held(condition, kind)


@pytest.mark.parametrize(
    "pattern",
    [
        "(?i)acme", r"\bacme", r"\pL+", "a$b", "(a+)+", "(?s).", "[[:alpha:]]", r"\x41",
        "[+--]",
        "(?P<x>a)", "(a|b*)*", r"\Qa\E",
    ],
)  # fmt: skip
def test_a_pattern_that_engines_read_differently_is_held_by_the_daemon(pattern: str) -> None:
    matches = Matches(compile_pattern(pattern), "so")

    assert "its pattern has" in only_held(FieldTest(SEEN, matches), FieldType.STRING)


@pytest.mark.parametrize("path", ["Owner.Name", "ConvertedAccount.Name", "Foo__c.Bar__c"])
def test_a_relationship_that_cannot_be_followed_is_held_by_the_daemon(path: str) -> None:
    assert "beyond" in only_held(FieldTest(SEEN, Is("x")), FieldType.STRING, path=path)


def test_a_lookup_to_one_kind_of_record_is_followed() -> None:
    condition = FieldTest(SEEN, Is("x"))

    (guard,) = one_rule(
        "it", [spec_of(FieldType.STRING, path="Plan__r.Tier__c")], condition, {}
    ).guards

    assert "TRIM(Plan__r.Tier__c)" in guard.formula
    assert guard.field is None


def test_a_rule_with_one_part_that_cannot_be_said_is_held_whole() -> None:
    condition = AnyOf((STAFF, FieldTest(MORE, Is("x"))))

    assert "nothing else" in only_held(condition, FieldType.INTEGER, FieldType.MULTI_PICKLIST)


def test_what_may_stand_in_hubspot_alone_does_not_fail_by_being_empty() -> None:
    spec = spec_of(FieldType.STRING, direction=Direction.TO_HUBSPOT)

    found = one_rule("it", [spec], FieldTest(SEEN, Present()), {}).compiled

    assert not found.guards
    assert "may be filled in HubSpot" in found.held[0].why


def test_a_score_that_fades_is_held_by_the_daemon() -> None:
    fades = DecayingPoints(
        name="visits", field=SEEN, points=Decimal(5), half_life=timedelta(days=9)
    )
    scoring = replace(scoring_of({"it": 5}, minimum=3), points=(fades,))
    gate = Gate(stage=Stage.SQL, score=BandName.WARM)
    standard = standard_of([rule_of("it", STAFF)], gate, scoring=scoring)

    (found,) = held(source_of(standard, crm_of([spec_of(FieldType.INTEGER)])))

    assert (found.what, found.why[:30]) == ("score warm", "points for visits fade from ho")


def test_of_several_rules_the_unseen_one_is_listed_and_taken_for_unknown() -> None:
    rules = [rule_of("a", STAFF), rule_of("b", FieldTest(MORE, Is("x")))]
    standard = standard_of(rules, gate_of(some=(2, "ab")))
    crm = crm_of([spec_of(FieldType.INTEGER), spec_of(FieldType.MULTI_PICKLIST, "more")])

    found = compile_guards(source_of(standard, crm))

    assert [x.what for x in found.held] == ["b, one of 2 of a, b"]
    assert found.guards[0].formula.endswith(", 1, 0) > 0)")


def test_too_few_seen_rules_of_several_are_no_guard() -> None:
    rules = [rule_of("a", STAFF), rule_of("b", FieldTest(MORE, Is("x")))]
    standard = standard_of(rules, gate_of(some=(1, "ab")))
    crm = crm_of([spec_of(FieldType.INTEGER), spec_of(FieldType.MULTI_PICKLIST, "more")])

    (found,) = held(source_of(standard, crm))

    assert "too few" in found.why


def test_who_is_asked_must_be_told_by_the_formula_as_well() -> None:
    applies = FieldTest(MORE, Is("x"))
    gates = {Stage.SQL: gate_of("a", "b")}
    variant = Variant(name="large", applies=applies, gates=gates, scoring=None)
    rules = [rule_of("a", STAFF), rule_of("b", FieldTest(SEEN, AtLeast(500)))]
    standard = standard_of(rules, gate_of("a"), variants=(variant,))
    crm = crm_of([spec_of(FieldType.INTEGER), spec_of(FieldType.MULTI_PICKLIST, "more")])

    found = compile_guards(source_of(standard, crm))

    assert [x.rules for x in found.guards] == [(RuleId("a"),)]
    assert [x.what for x in found.held] == ["b"]
    assert found.held[0].why.startswith("not everybody is asked this")


# --- whole gates ------------------------------------------------------------------------------


def test_only_gates_that_block_are_compiled() -> None:
    plain = source()
    flagging = replace(plain, policy=replace(plain.policy, modes={Stage.SQL: Mode.FLAG}))

    (found,) = held(flagging)

    assert (found.what, found.why[:24]) == ("the whole gate", "the gate is in mode flag")


def test_a_gate_whose_blocking_nobody_looked_at_guards_nothing() -> None:
    signed = source()
    policy = replace(signed.policy, unpreviewed=frozenset({Stage.SQL}))

    assert guards(signed)
    found = compile_guards(replace(signed, policy=policy))

    assert not found.guards
    assert "nobody looked first" in found.held[0].why


def test_an_unsigned_standard_guards_nothing() -> None:
    plain = source()

    (found,) = held(replace(plain, standard=replace(plain.standard, signatures=())))

    assert "not signed" in found.why


def test_without_a_place_for_waivers_there_is_no_guard() -> None:
    plain = source()

    (found,) = held(replace(plain, crm=replace(plain.crm, marks={})))

    assert "marks.waived" in found.why


def test_a_stage_that_only_a_conversion_reaches_has_no_guard() -> None:
    gate = Gate(stage=Stage.OPPORTUNITY, all=(RuleId("it"),))
    standard = standard_of([rule_of("it", STAFF)], gate)

    (found,) = held(source_of(standard, crm_of([spec_of(FieldType.INTEGER)])))

    assert "only by a conversion" in found.why


@pytest.mark.parametrize("path", ["Odd__c", "Account.Stage__c"])
def test_a_stage_told_by_what_formulas_cannot_type_has_no_guard(path: str) -> None:
    lines = (StageLine(stage=Stage.SQL, values={path: "yes"}),)
    standard = standard_of([rule_of("it", STAFF)], gate_of("it"))

    (found,) = held(source_of(standard, crm_of([spec_of(FieldType.INTEGER)], lines)))

    assert "name it under fields in crm.yaml" in found.why


def test_what_fixes_a_stage_is_asked_whatever_its_type() -> None:
    specs = [spec_of(x, f"f{n}") for n, x in enumerate((FieldType.INTEGER, FieldType.PICKLIST))]
    crm = crm_of([spec_of(FieldType.INTEGER), *specs])
    side = crm.sides[System.SALESFORCE]
    fixed = dict.fromkeys(("F0__c", "F1__c"), "so")
    crm = replace(crm, sides={**crm.sides, System.SALESFORCE: replace(side, fixed_when=fixed)})

    (guard,) = guards(source_of(standard_of([rule_of("it", STAFF)], gate_of("it")), crm))

    assert "OR(ISBLANK(F0__c), F0__c = 0), ISBLANK(TEXT(F1__c)), NOW()" in guard.formula
    assert "NOT(IsConverted)" in guard.formula


def test_nothing_is_refused_before_enforcing_begins_or_after_the_review_is_due() -> None:
    plain = source()
    start = datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(hours=-5)))

    (guard,) = guards(replace(plain, policy=replace(plain.policy, enforce_from=start)))

    assert 'NOW() < DATETIMEVALUE("2027-07-01 00:00:00")' in guard.formula
    assert 'NOW() >= DATETIMEVALUE("2026-12-01 14:00:00")' in guard.formula


# --- lengths and names ----------------------------------------------------------------------------


def test_a_rule_that_is_too_long_becomes_several_that_together_say_the_same() -> None:
    refused = tuple(f"{'Somewhere far away ' * 3}{n}" for n in range(150))

    found = guards(source(FieldTest(SEEN, NoneOf(refused)), FieldType.STRING))

    assert len(found) > 1
    assert all(len(x.formula) <= 3_900 for x in found)
    assert all(sum(f'"{name}"' in x.formula for x in found) == 1 for name in refused)
    assert [x.name for x in found[:2]] == ["Syncd_sql_it_1", "Syncd_sql_it_2"]


def test_what_is_too_long_and_cannot_be_split_is_held_by_the_daemon() -> None:
    allowed = tuple(f"{'Somewhere far away ' * 3}{n}" for n in range(150))

    reason = only_held(FieldTest(SEEN, OneOf(allowed)), FieldType.STRING)

    assert "characters, and Salesforce takes 3,900" in reason


def test_names_fit_and_stay_apart() -> None:
    names = [f"a-rule-with-a-very-long-name-that-ends-in-{n}" for n in ("one", "two")]
    rules = [rule_of(x, STAFF) for x in names]
    standard = standard_of(rules, gate_of(*names))

    found = [x.name for x in guards(source_of(standard, crm_of([spec_of(FieldType.INTEGER)])))]

    assert len(set(found)) == 2
    assert all(len(x) <= 40 and "__" not in x and x[-1] != "_" for x in found)


def test_guards_of_one_kind_for_several_variants_have_names_of_their_own() -> None:
    variant = Variant(
        name="large", applies=STAFF, gates={Stage.SQL: gate_of(some=(2, "ab"))}, scoring=None
    )
    rules = [rule_of(x, STAFF) for x in "ab"]
    standard = standard_of(rules, gate_of(some=(1, "ab")), variants=(variant,))

    found = guards(source_of(standard, crm_of([spec_of(FieldType.INTEGER)])))

    assert [x.name for x in found] == ["Syncd_sql_enough_of", "Syncd_sql_enough_of_v2"]


def test_a_message_says_what_is_needed_how_to_mend_it_and_whom_to_ask() -> None:
    (guard,) = guards(source())

    assert guard.message == "SQL needs: it. Mend it. An exception: ask The Head of Sales."
    assert guard.field == "Seen__c"


def test_a_long_message_is_cut_to_what_salesforce_takes_and_keeps_its_end() -> None:
    plain = source()
    wordy = replace(rule_of("it", STAFF), says="very " * 100)
    standard = replace(plain.standard, rules={RuleId("it"): wordy})

    (guard,) = guards(replace(plain, standard=standard))

    assert len(guard.message) <= 255
    assert guard.message.endswith("ask The Head of Sales.")


# --- as files ----------------------------------------------------------------------------------


def files(found: Source) -> Mapping[str, str]:
    return metadata_files(guards(found), found.standard, api_version="62.0")


def test_every_file_is_well_formed_and_carries_version_and_digest() -> None:
    found = source(FieldTest(SEEN, Is('<a & "b">')), FieldType.STRING)
    stamp = stamp_of(found.standard)

    for path, text in files(found).items():
        if path.endswith(".xml"):
            ET.fromstring(text)
        assert f"standard {stamp.version}, digest {stamp.digest}" in text, path


def test_a_rule_is_written_in_the_order_of_its_schema() -> None:
    (text,) = (x for path, x in files(source()).items() if "validationRules" in path)

    root = ET.fromstring(text)

    assert [x.tag.removeprefix(NAMESPACE) for x in root] == [
        "fullName", "active", "description", "errorConditionFormula", "errorDisplayField",
        "errorMessage",
    ]  # fmt: skip


def test_the_manifest_names_every_rule_and_the_permission() -> None:
    package = ET.fromstring(files(source())["manifest/package.xml"])

    members = [x.text for x in package.iter(f"{NAMESPACE}members")]

    assert members == ["Syncd_Bypass", "Syncd_Bypass", "Lead.Syncd_sql_it"]


def test_without_guards_there_is_nothing_to_deploy() -> None:
    assert metadata_files((), source().standard, api_version="62.0") == {}


def test_the_same_files_come_out_every_time() -> None:
    assert files(source()) == files(source())
