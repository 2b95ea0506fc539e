"""What comes out of a sound configuration, and of a directory that is not one."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from config_files import EXAMPLE, example_copy, replace, said

from syncd.domain.action import WriteKind
from syncd.domain.alert import AlertKind
from syncd.domain.calendar import BusinessHours
from syncd.domain.mapping import Mark
from syncd.domain.names import OWNER, FieldName, RuleId, System
from syncd.domain.policy import Limit, Mode
from syncd.domain.stage import Stage
from syncd.domain.standard import AllOf, AtLeast, FieldTest, Matches, Not, RuleKind, SomeOf
from syncd.errors import ConfigError
from syncd.settings.load import content_digest, examine, load
from syncd.store_ports import StoreUrl


def test_the_example_is_sound() -> None:
    examined = examine(EXAMPLE, {}, None)

    assert examined.problems == ()
    assert examined.settings is not None


def test_the_example_has_rules_of_all_four_kinds_and_both_gates() -> None:
    standard = load(EXAMPLE, {}, None).standard

    assert {rule.kind for rule in standard.rules.values()} == set(RuleKind)
    assert set(standard.gates) == {Stage.MQL, Stage.SQL}
    assert standard.is_signed()
    assert standard.review_by == date(2027, 6, 30)


def test_a_rule_in_the_short_form_becomes_one_test_of_one_field() -> None:
    rule = load(EXAMPLE, {}, None).standard.rules[RuleId("employees-50-plus")]

    assert rule.condition == FieldTest(FieldName("employees"), AtLeast(Decimal(50)))


def test_a_gate_keeps_all_any_and_score() -> None:
    gate = load(EXAMPLE, {}, None).standard.gates[Stage.SQL]

    assert RuleId("decision-maker") in gate.all
    assert gate.any == SomeOf(
        at_least=2,
        of=(RuleId("need-stated"), RuleId("timeline-90-days"), RuleId("demo-attended")),
    )
    assert gate.score == "sales-ready"


def test_a_group_nests_and_its_pattern_holds_the_full_value() -> None:
    rule = load(EXAMPLE, {}, None).standard.rules[RuleId("business-email")]

    assert isinstance(rule.condition, AllOf)
    shape, free_mail = rule.condition.of
    assert isinstance(free_mail, Not)
    assert isinstance(shape, FieldTest)
    assert isinstance(shape.test, Matches)
    assert shape.test.pattern.fullmatch("ann@company.com") is not None
    assert shape.test.pattern.fullmatch("ann@company.com and more") is None


def test_policy_carries_modes_calendar_and_channels_resolved() -> None:
    policy = load(EXAMPLE, {}, None).policy

    assert policy.modes == {Stage.MQL: Mode.FLAG, Stage.SQL: Mode.BLOCK}
    assert policy.segments[-1].accept_within == BusinessHours(timedelta(hours=4))
    assert policy.segments[-1].calendar.time_zone == "America/New_York"
    assert policy.alerts.channel == "#revops"
    assert policy.alerts.routes[AlertKind.HANDOFF] == "#sales"


def test_public_holidays_are_closed_and_observed_on_the_weekday() -> None:
    closed = load(EXAMPLE, {}, None).policy.segments[-1].calendar.closed

    assert date(2026, 7, 3) in closed  # the fourth is a Saturday
    assert date(2026, 12, 24) in closed
    assert date(2026, 11, 24) not in closed


def test_every_class_of_write_has_a_limit() -> None:
    brake = load(EXAMPLE, {}, None).policy.brake

    assert set(brake) == set(WriteKind)
    assert brake[WriteKind.RECYCLE] == Limit(records=100, percent=5.0)
    assert brake[WriteKind.MARK] == Limit(records=200, percent=10.0)


def test_the_map_holds_the_owner_and_the_fields_syncd_writes() -> None:
    crm = load(EXAMPLE, {}, None).crm

    assert OWNER in crm.fields
    assert set(crm.marks) == set(Mark)
    assert crm.fields[crm.marks[Mark.RECYCLES]].properties == {
        System.SALESFORCE: "Syncd_Recycles__c",
        System.HUBSPOT: "syncd_recycles",
    }
    assert crm.fields[FieldName("buying_role")].options[System.HUBSPOT]["decision-maker"] == (
        "decision_maker"
    )


def test_links_to_records_are_made_of_domain_and_portal() -> None:
    sides = load(EXAMPLE, {}, None).crm.sides

    assert sides[System.SALESFORCE].record_url.format(id="00Q1") == (
        "https://example.my.salesforce.com/00Q1"
    )
    assert sides[System.HUBSPOT].record_url.format(id="7") == (
        "https://app.hubspot.com/contacts/12345678/record/0-1/7"
    )


def test_booleans_and_nothing_in_stage_lines_become_vendor_text() -> None:
    sides = load(EXAMPLE, {}, None).crm.sides

    assert sides[System.SALESFORCE].stages[1].values == {"IsConverted": "true"}
    line = sides[System.HUBSPOT].line_for(Stage.MQL)
    assert line is not None
    assert line.values["hs_lead_status"] == ""


def test_a_relative_store_lies_in_the_state_directory() -> None:
    environ = {"STATE_DIRECTORY": "/var/lib/syncd:/var/lib/other"}

    assert load(EXAMPLE, environ, None).store == Path("/var/lib/syncd/syncd.db")
    assert load(EXAMPLE, {}, None).store == Path("syncd.db")


def test_a_database_by_url_takes_the_place_of_the_file(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    _store(config, "url: postgres://syncd@db.example:5433/syncd?sslmode=verify-full")

    settings = load(config, {"SYNCD_STORE_PASSWORD": "canary"}, None)

    assert isinstance(settings.store, StoreUrl)
    assert settings.store.url == "postgresql://syncd@db.example:5433/syncd?sslmode=verify-full"
    assert settings.store.password == "canary"
    assert "canary" not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///syncd",
        "postgresql://syncd@localhost/syncd",
        "postgresql://syncd@[::1]:5433/syncd",
        "postgresql:///syncd?host=/run/postgresql",
        "postgresql://db.example/syncd?sslmode=require",
    ],
)
def test_a_database_is_reached_on_this_machine_or_as_sslmode_says(url: str, tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    _store(config, f"url: {url}")

    assert load(config, {}, None).store == StoreUrl(url=url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://syncd:canary@localhost/syncd", "holds a password; take it out and set"),
        ("postgresql://syncd@localhost/syncd?password=canary", "take it out and set SYNCD_STORE"),
        ("postgresql://db.example/syncd", "add [?]sslmode=verify-full"),
        ("postgresql:///syncd?host=db.example", "add [?]sslmode=verify-full"),
        ("postgresql://localhost", "not the URL of a PostgreSQL database; write it as"),
        ("mysql://localhost/syncd", "not the URL of a PostgreSQL database; write it as"),
        ("postgresql://localhost:port/syncd", "this is not a URL; write it as"),
        ("7", "not the URL of a PostgreSQL database; write it as"),
    ],
)
def test_a_url_of_the_store_that_will_not_do_is_told(url: str, words: str, tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    _store(config, f"url: {url}")

    with pytest.raises(ConfigError, match=rf"crm.yaml:\d+:\d+: .*{words}") as caught:
        load(config, {}, None)

    assert "canary" not in str(caught.value)
    assert len(caught.value.problems) == 1


def test_a_store_is_in_one_place(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    _store(config, "path: syncd.db", "url: postgresql:///syncd")

    with pytest.raises(ConfigError, match="in a file and in a database; leave out path, or url"):
        load(config, {}, None)


def _store(config: Path, *lines: str) -> None:
    replace(config, "crm.yaml", "store:\n  path: syncd.db", "\n  ".join(("store:", *lines)))


def test_the_digest_changes_with_any_byte(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    before = load(config, {}, None).digest

    replace(config, "policy.yaml", "# A team", "# A  team")

    assert before == content_digest(EXAMPLE)
    assert load(config, {}, None).digest != before


def test_mistakes_in_all_three_files_are_told_at_once(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    replace(config, "standard.yaml", "kind: fit", "kind: fitt")
    replace(config, "policy.yaml", "grace: 5 minutes", "grace: soon")
    replace(config, "crm.yaml", "poll_every: 20s", "poll_every: 0s")

    with pytest.raises(ConfigError) as caught:
        load(config, {}, None)

    files = [problem.removeprefix(f"{config}/").split(":")[0] for problem in caught.value.problems]
    assert files == ["standard.yaml", "policy.yaml", "crm.yaml"]


def test_a_faulty_field_is_not_also_called_unknown(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    replace(config, "crm.yaml", "type: integer", "type: interger")

    examined = examine(config, {}, None)

    assert len(examined.problems) == 1


def test_a_broken_file_does_not_hide_what_is_wrong_with_the_others(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    (config / "crm.yaml").write_text("connections: [", encoding="utf-8")
    replace(config, "policy.yaml", "grace: 5 minutes", "grace: soon")

    examined = examine(config, {}, None)

    assert [Path(p.file).name for p in examined.problems] == ["policy.yaml", "crm.yaml"]


def test_a_missing_directory_names_each_missing_file(tmp_path: Path) -> None:
    examined = examine(tmp_path / "config", {}, None)

    words = "the file is missing; copy the example of this name and edit it"
    assert said(tmp_path / "config", examined.problems) == "".join(
        f"config/{name}:1:1: {words}\n" for name in ("standard.yaml", "policy.yaml", "crm.yaml")
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"version: \xff\xfe", "line 1 is not UTF-8 text; save the file as UTF-8"),
        (b"a: 1\n" * 250_000, "the file is larger than 1 MB; is it the right file?"),
        (b"a: " + b"[" * 1_000, "cannot be read as YAML"),
        (b"a: 1\n---\nb: 2\n", 'a second document starts here; remove the line "---"'),
        (b"? [a, b]\n: 1\n", "this cannot be a key; write a plain name"),
        (b"version: 2026-13-40\n", '"2026-13-40" is neither a number nor a date'),
    ],
)
def test_a_file_that_is_no_usable_yaml_is_told_in_plain_words(
    content: bytes, words: str, tmp_path: Path
) -> None:
    config = example_copy(tmp_path)
    (config / "standard.yaml").write_bytes(content)

    examined = examine(config, {}, None)

    assert words in said(config, examined.problems)


def test_a_value_shaped_like_a_secret_is_never_repeated(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    secret = "xoxb-123456789-abcdef"
    replace(config, "crm.yaml", 'revops: "#revops"', f"revops: {secret}")
    replace(config, "crm.yaml", "poll_every: 20s", f"poll_every: {secret}")

    examined = examine(config, {}, None)

    told = said(config, examined.problems)
    assert "looks like a secret" in told
    assert len(examined.problems) == 2
    assert secret not in told


def test_a_field_knows_its_line_and_where_salesforce_puts_it_on_conversion(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    replace(config, "crm.yaml", "    contact: Buying_Role__c\n", "")
    lines = (config / "crm.yaml").read_text(encoding="utf-8").splitlines()

    fields = load(config, {}, None).crm.fields

    line = lines.index("  need:") + 1
    assert fields[FieldName("need")].where == f"{config / 'crm.yaml'}:{line}"
    assert fields[FieldName("need")].converted == "Need__c"
    assert fields[FieldName("title")].converted == "Title"
    assert fields[FieldName("company")].converted == "Account.Name"
    assert fields[FieldName("buying_role")].converted is None


def test_sync_settings_reach_the_map(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    more = "poll_every: 20s\ncreate_in: {salesforce: mql}\npropose_by: [company, phone]"
    replace(config, "crm.yaml", "poll_every: 20s", more)
    owners = "overlap: 10 minutes\n  owners: {Kim@Old.example.com: kim@example.com}"
    replace(config, "crm.yaml", "overlap: 10 minutes", owners)

    settings = load(config, {}, None)

    assert settings.crm.create_in == {System.SALESFORCE: Stage.MQL}
    assert settings.crm.propose_by == ("company", "phone")
    assert settings.reconcile_every == timedelta(days=1)
    side = settings.crm.sides[System.SALESFORCE]
    assert side.owners == {"kim@old.example.com": "kim@example.com"}
    assert side.share == 0.3
