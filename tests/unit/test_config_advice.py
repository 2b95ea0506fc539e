"""Warnings about a configuration that is sound all the same."""

from datetime import date
from pathlib import Path

from config_files import EXAMPLE, example_copy, replace
from signing import sign

from syncd.settings.advice import advice
from syncd.settings.load import Settings, load

TODAY = date(2026, 12, 1)
COMPLETE = {
    "SYNCD_SALESFORCE_CLIENT_ID": "a",
    "SYNCD_SALESFORCE_CLIENT_SECRET": "b",
    "SYNCD_HUBSPOT_TOKEN": "c",
    "SYNCD_SLACK_TOKEN": "d",
}


def test_a_complete_configuration_is_only_warned_of_blocking() -> None:
    warnings = advice(load(EXAMPLE, COMPLETE, None), today=TODAY)

    assert len(warnings) == 1
    assert warnings[0].startswith('the gate "sql" blocks')


def test_missing_secrets_are_named_by_their_variable() -> None:
    warnings = advice(load(EXAMPLE, {}, None), today=TODAY)

    assert warnings[2].startswith("SYNCD_HUBSPOT_TOKEN is not set")


def test_a_standard_past_its_review_flags_at_most() -> None:
    settings = load(EXAMPLE, COMPLETE, None)

    assert not any("reviewed" in words for words in advice(settings, today=date(2027, 6, 30)))
    assert any("reviewed" in words for words in advice(settings, today=date(2027, 7, 1)))


def test_a_signature_for_another_content_is_told_by_who_gave_it(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    replace(config, "standard.yaml", 'name: "Ben Okafor"', "name: Ben Okafor  # changes nothing")
    replace(config, "standard.yaml", "at_least: 50", "at_least: 51")

    warnings = advice(load(config, COMPLETE, None), today=TODAY)

    assert [words for words in warnings if "signed" in words] == [
        f"standard.yaml: {who} for another content (9fd758629cde): it changed since; "
        "every gate flags at most until that is put right"
        for who in (
            "Ada Moreau signed for marketing on 26 Oct 2026",
            "Ben Okafor signed for sales on 28 Oct 2026",
        )
    ]


def test_a_gate_without_a_mode_a_rule_without_use_and_an_open_port_are_told(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    replace(config, "policy.yaml", "  mql: flag\n", "")
    replace(config, "standard.yaml", ", served-country", "")
    replace(config, "crm.yaml", "127.0.0.1:8321", "0.0.0.0:8321")
    replace(config, "crm.yaml", "https://api.hubapi.com", "http://127.0.0.1:8102")

    warnings = "\n".join(advice(load(config, COMPLETE, None), today=TODAY))

    assert 'no mode for the gate "mql"' in warnings
    assert 'the rule "served-country" is used by no gate' in warnings
    assert "anybody who reaches that address" in warnings
    assert "HubSpot is reached at http://127.0.0.1:8102: a stand-in" in warnings


def test_a_webhook_cannot_serve_several_channels() -> None:
    environ = {**COMPLETE, "SYNCD_SLACK_TOKEN": "", "SYNCD_SLACK_WEBHOOK": "https://hooks.example"}

    warnings = advice(load(EXAMPLE, environ, None), today=TODAY)

    assert any("webhook posts to its own channel" in words for words in warnings)


VARIANTS = """
variants:
  - name: enterprise
    when: {field: employees, at_least: 1000}
    gates:
      sql: {all: [decision-maker, served-country]}
  - name: swiss
    when: {field: country, is: Switzerland}
    score:
      bands: {nurture: {from: 0}, warm: {from: 20}, sales-ready: {from: 40}}
"""


def with_variants(tmp_path: Path, variants: str = VARIANTS) -> Settings:
    config = example_copy(tmp_path)
    replace(config, "standard.yaml", ", served-country", "")
    text = (config / "standard.yaml").read_text(encoding="utf-8")
    (config / "standard.yaml").write_text(text + variants, encoding="utf-8")
    sign(config)
    return load(config, COMPLETE, None)


def test_variants_for_the_same_leads_are_told_with_such_a_lead_and_who_gets_it(
    tmp_path: Path,
) -> None:
    warnings = advice(with_variants(tmp_path), today=TODAY)

    assert warnings[1:] == (
        'the variants "enterprise" and "swiss" are both for a lead with employees 1,000 and '
        'country Switzerland: "enterprise" gets it, being the first',
    )


def test_a_rule_that_only_a_variant_asks_is_in_use(tmp_path: Path) -> None:
    warnings = advice(with_variants(tmp_path), today=TODAY)

    assert not any("served-country" in words for words in warnings)


def test_variants_that_are_too_much_to_compare_are_told(tmp_path: Path) -> None:
    day, lately = "demo_attended_on, is: 2026-01-01", "demo_attended_on, within: {last: 9 days}"
    mixed = f"{{any: [{{field: {day}}}, {{field: {lately}}}]}}"
    variants = VARIANTS.replace("{field: country, is: Switzerland}", mixed)

    warnings = advice(with_variants(tmp_path, variants), today=TODAY)

    assert warnings[-1] == (
        'whether the variants "enterprise" and "swiss" are for the same leads was not checked: '
        "there is too much to try"
    )
