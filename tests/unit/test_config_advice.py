"""Warnings about a configuration that is sound all the same."""

from datetime import date
from pathlib import Path

import pytest
from config_files import EXAMPLE, example_copy, replace
from signing import sign

from syncd.domain.stage import Stage
from syncd.settings.advice import advice
from syncd.settings.load import Settings, load

TODAY = date(2026, 12, 1)
COMPLETE = {
    "SYNCD_SALESFORCE_CLIENT_ID": "a",
    "SYNCD_SALESFORCE_CLIENT_SECRET": "b",
    "SYNCD_HUBSPOT_TOKEN": "c",
    "SYNCD_SLACK_TOKEN": "d",
    "SYNCD_SLACK_APP_TOKEN": "xapp-e",
}


def test_a_complete_configuration_is_only_warned_of_blocking() -> None:
    warnings = advice(load(EXAMPLE, COMPLETE, None), today=TODAY)

    assert len(warnings) == 1
    assert warnings[0].startswith('the gate "sql" blocks')


def test_missing_secrets_are_named_by_their_variable() -> None:
    warnings = advice(load(EXAMPLE, {}, None), today=TODAY)

    assert warnings[2].startswith("SYNCD_HUBSPOT_TOKEN is not set")


@pytest.mark.parametrize(
    ("secret", "words"),
    [("", "is not set: messages in Slack have no buttons"), ("xoxb-1", "holds no app-level token")],
)
def test_slack_without_the_apps_own_token_is_told(secret: str, words: str) -> None:
    environ = {**COMPLETE, "SYNCD_SLACK_APP_TOKEN": secret}

    warnings = advice(load(EXAMPLE, environ, None), today=TODAY)

    assert warnings[0].startswith(f"SYNCD_SLACK_APP_TOKEN {words}")


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
        f"standard.yaml: {who} for another content (414dd79ceefa): it changed since; "
        "every gate flags at most until it is signed (`syncd standard sign`; "
        "`syncd standard diff` compares it with an earlier file)"
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


def test_an_option_of_the_rejection_reason_that_the_standard_does_not_know_is_told(
    tmp_path: Path,
) -> None:
    config = example_copy(tmp_path)
    field = """  rejection_reason:
    type: picklist
    salesforce: Rejection_Reason__c
    hubspot: rejection_reason
    options:
      bad-timing: {salesforce: Bad timing, hubspot: bad_timing}
      We could not reach them: {salesforce: No answer, hubspot: no_answer}
      bad-fit: {salesforce: Bad fit, hubspot: bad_fit}
  buying_role:
"""
    replace(config, "crm.yaml", "  buying_role:\n", field)

    (told,) = (x for x in advice(load(config, COMPLETE, None), today=TODAY) if "bad-fit" in x)

    assert told.startswith('crm.yaml: fields: rejection_reason: the option "bad-fit" is no reason')
    assert "bad-timing, not-ready, no-answer, wrong-fit or not-a-lead" in told


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

    assert warnings[2:] == (
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


CHECKSUM = ", previewed: sql-997575fed0-2c1006952f-422595"


def test_a_gate_that_is_to_block_without_a_preview_only_flags_and_check_says_what_to_do(
    tmp_path: Path,
) -> None:
    config = example_copy(tmp_path)
    replace(config, "policy.yaml", CHECKSUM, "")

    settings = load(config, COMPLETE, None)

    assert settings.policy.unpreviewed == {Stage.SQL}
    (warning,) = advice(settings, today=TODAY)
    assert warning.startswith('the gate "sql" is to block, but flags until somebody looked first')
    assert "`syncd plan`" in warning


def test_a_gate_keeps_its_checksum_when_it_asks_something_else_and_check_says_so(
    tmp_path: Path,
) -> None:
    config = example_copy(tmp_path)
    replace(config, "standard.yaml", "at_least: 2", "at_least: 1")

    settings = load(config, COMPLETE, None)

    assert settings.policy.unpreviewed == frozenset()
    told = [x for x in advice(settings, today=TODAY) if "asks something else" in x]
    assert [x[:14] for x in told] == ['the gate "sql"']
