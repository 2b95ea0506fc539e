"""Secrets come from the environment or credential files, and are never shown."""

from dataclasses import fields
from pathlib import Path

from syncd.settings.connections import SalesforceAuth
from syncd.settings.secrets import ENVIRONMENT, Secrets, load_secrets, missing_secrets


def test_the_environment_wins_over_a_credential_file(tmp_path: Path) -> None:
    (tmp_path / "hubspot_token").write_text("from-file\n", encoding="utf-8")
    (tmp_path / "slack_token").write_text("slack-from-file\n", encoding="utf-8")

    secrets, problems = load_secrets({"SYNCD_HUBSPOT_TOKEN": "from-environment"}, tmp_path)

    assert problems == ()
    assert secrets.hubspot_token == "from-environment"
    assert secrets.slack_token == "slack-from-file"


def test_an_empty_variable_is_not_a_secret() -> None:
    secrets, _ = load_secrets({"SYNCD_HUBSPOT_TOKEN": " "}, None)

    assert secrets == Secrets()


def test_a_credential_that_cannot_be_read_is_told_without_its_content(tmp_path: Path) -> None:
    (tmp_path / "hubspot_token").write_bytes(b"pat-na1-\xff\xfe")

    secrets, problems = load_secrets({}, tmp_path)

    assert secrets.hubspot_token is None
    assert "pat-na1" not in str(problems[0])
    assert str(tmp_path / "hubspot_token") in str(problems[0])


def test_no_value_is_in_the_repr_and_all_are_in_values() -> None:
    known = {field.name: f"canary-{field.name}" for field in fields(Secrets)}
    secrets = Secrets(**known)

    assert "canary" not in repr(secrets)
    assert "canary" not in str(secrets)
    assert set(secrets.values()) == set(known.values())


def test_what_is_missing_depends_on_how_salesforce_is_signed_in_to() -> None:
    secrets = Secrets(salesforce_client_id="id", hubspot_token="t", slack_webhook="w")

    assert missing_secrets(secrets, SalesforceAuth.CLIENT_CREDENTIALS) == (
        "SYNCD_SALESFORCE_CLIENT_SECRET",
    )
    assert missing_secrets(secrets, SalesforceAuth.JWT) == (
        "SYNCD_SALESFORCE_USERNAME",
        "SYNCD_SALESFORCE_PRIVATE_KEY",
    )


def test_slack_needs_a_token_or_a_webhook() -> None:
    missing = missing_secrets(Secrets(), SalesforceAuth.CLIENT_CREDENTIALS)

    assert missing[-1] == "SYNCD_SLACK_TOKEN or SYNCD_SLACK_WEBHOOK"
    assert set(ENVIRONMENT) == {field.name for field in fields(Secrets)}
