"""Mistakes that only show across entries and files: one small change each, one problem each."""

from pathlib import Path

import pytest
from config_files import example_copy, replace, said

from syncd.settings.load import examine

STANDARD = [
    ("- team: sales", "- team: marketing", "signature 2: team: marketing has signed already"),
    ("{rule: has-company, points: 5}", "{rule: has-compny, points: 5}", 'did you mean "has-comp'),
    ("{rule: has-company, points: 5}", "{rule: has-company, points: 0}", "0 points change nothing"),
    (
        "{rule: has-company, points: 5}",
        "{rule: business-email, points: 5}",
        '"business-email" gets points twice',
    ),
    (
        "{rule: has-company, points: 5}",
        "{rule: has-company, points: 5, half_life: 3 days}",
        "points are either for a rule or for behaviour",
    ),
    ("field: demo_attended_on, points", "field: company, points", "fading needs a date"),
    ("score: sales-ready", "score: sales-redy", 'did you mean "sales-ready"?'),
    ("[need-stated, timeline-90-days", "[need-stated, need-stated", "is named twice"),
    ("any: {at_least: 2,", "any: {at_least: 0,", "0 is too small; write 1 or more"),
    ("any: {at_least: 2,", "any: {at_least: 1.5,", "1.5 is not a whole number"),
    ("  sql:\n", "  nurture: {all: [has-company]}\n  sql:\n", "nothing guards the way down"),
    ("  sql:\n", "  sal: {}\n  sql:\n", "the gate asks for nothing"),
    ("review_by: 2027-06-30", "review_by: next summer", "write it as 2027-06-30"),
    ("review_by: 2027-06-30", "review_by: 2027-06-30T00:00:00Z", "is not a date"),
    ("none_of: [Cuba, Iran, North Korea, Syria]", "none_of: Cuba", '"Cuba" is not a list'),
    ("none_of: [Cuba, Iran", "none_of: [[Cuba], Iran", "a list stands where one value belongs"),
    ("within: {last: 30 days}", "within: 30 days", '"30 days" stands for a section'),
    ("says: We know which company", "says: [We know which company]\n    # ", "write one text"),
]
POLICY = [
    ("entry_stage: lead", "entry_stage: sql", '"sql" cannot be where records enter'),
    ("warn_at: 75%", "warn_at: 175%", "is not a share of a whole"),
    ("percent: 10}", "percent: 110}", "write a number from 0 to 100"),
    ("reapply: false", "reapply: no", '"no" is neither true nor false'),
    ("manager: sales.manager@example.com", "manager: Sam", '"Sam" is not an email address'),
    ("  # queue: Marketing Nurture", "  owner: Marketing", '"Marketing" is not an email address'),
    (
        "  # queue: Marketing Nurture",
        "  owner: a@example.com\n  queue: Nurture",
        "owner and queue stand side by side",
    ),
    ("# enforce_from: 2026-12-01T09:00:00Z", "enforce_from: 2026-12-01 09:00", "time zone"),
    ("# enforce_from: 2026-12-01T09:00:00Z", "enforce_from: soon", "time zone"),
    ("accept_within: 4 business hours", "accept_within: 0h", "longer than nothing"),
    ("country: US,", "country: Atlantis,", "write the two-letter code"),
    ("contested_after: 3", "contested_after: many", "is not a whole number"),
    ("retire_to: disqualified", "retire_to: mql", "would not take the lead back"),
    ("# requalify_points: 20", "requalify_points: 0", "write a number above 0"),
    ("# nurture_list: 87", "nurture_list: Newsletter", '"Newsletter" is not an id'),
    ("snooze: 2 business hours", "snooze: 0m", "longer than nothing"),
    ("[revops@example.com,", "[RevOps,", '"RevOps" is not an email address'),
    ("  cool_off: 14 days\n", "", 'recycle: "cool_off" is missing; add cool_off: 14 days'),
    ("waivable_by: your RevOps manager", "waivable_by:", "there is no text here"),
]
CRM = [
    ("domain: example.my ", "domain: login ", '"login" takes no client credentials'),
    ("domain: example.my ", "domain: 'acme my' ", "is not a Salesforce domain"),
    ('api_version: "62.0"', 'api_version: "62"', 'write it in quotes as "62.0"'),
    ("portal_id: 12345678", "portal_id: acme", '"acme" is not an id'),
    (
        "other_id: salesforceleadid",
        "record_url: https://app.hubspot.com/",
        "this is not an address with {id} in it",
    ),
    ("other_id: salesforceleadid", "other_id: sales-force", "use the internal name"),
    ("salesforce: Need__c", "salesforce: 1Need", "use the API name"),
    ("  owner: {type: owner, salesforce: OwnerId, hubspot: hubspot_owner_id}\n", "", "no owner"),
    ("owner: {type: owner,", "owner: {type: string,", "the owner has a type of its own"),
    ("  need:\n", "  stage: {type: string, hubspot: x}\n  need:\n", "by itself"),
    ("  need:\n", "  Need: {type: string, hubspot: x}\n  need:\n", "is not a field name"),
    ("  need:\n", "  lost: {type: string}\n  need:\n", "it is in neither CRM"),
    ("    hubspot: need\n", "", "direction both needs the field in both CRMs"),
    ("hubspot: champion}", "hubspot: user}", 'two options are spelled "user" in HubSpot'),
    ("    type: picklist", "    type: string", "only a picklist has options"),
    (
        "standard: {salesforce: Syncd_Standard__c, hubspot: syncd_standard}",
        "standard: {}",
        "neither",
    ),
    (
        "verdict: {salesforce: Syncd_Verdict__c,",
        "verdict: {salesforce: Owner.Name,",
        "cannot be written",
    ),
    (
        "verdict: {salesforce: Syncd_Verdict__c,",
        "verdict: {salesforce: Status,",
        '"Status" in Salesforce already serves the stage',
    ),
    ("name: [first_name, last_name]", "name: [first_nme]", 'did you mean "first_name"?'),
    ("  company: company\n  source", "  company: compny\n  source", 'did you mean "company"?'),
    ("address: 127.0.0.1:8321", "address: 127.0.0.1:83210", "write 127.0.0.1:8321"),
    (
        "    - {stage: lead, values: {Status: Open}}\n",
        "    - {stage: lead, values: {Status: Open}}\n    - {stage: none, values: {Status: X}}\n",
        '"none" means that no line matches',
    ),
    (
        "{stage: sal, values: {Status: Working}}",
        "{stage: sal, values: {Owner.Name: Working}}",
        "add read_only: true",
    ),
    ("{Status: Working}", "{Status: [Working]}", "a list is not one value"),
    ("    - {stage: nurture, values: {Status: Nurture}}\n", "", "cannot be written to Salesforce"),
    ("poll_every: 20s", "propose_by: [company, fone]", 'did you mean "phone"?'),
    ("poll_every: 20s", "create_in: {salesforce: none}", '"none" is no stage a lead can reach'),
    ("poll_every: 20s", "create_in: {pipedrive: mql}", "pipedrive"),
    ("reconcile_every: 1 day", "reconcile_every: sometimes", "reconcile_every"),
    ("overlap: 10 minutes", "api_share: 130%", "is not a share of a whole"),
]
CASES = [
    *[("standard.yaml", *case) for case in STANDARD],
    *[("policy.yaml", *case) for case in POLICY],
    *[("crm.yaml", *case) for case in CRM],
]


@pytest.mark.parametrize(("name", "old", "new", "words"), CASES)
def test_a_mistake_is_told_once_and_nothing_else_is(
    name: str, old: str, new: str, words: str, tmp_path: Path
) -> None:
    config = example_copy(tmp_path)
    replace(config, name, old, new)

    examined = examine(config, {}, None)

    assert words in said(config, examined.problems)
    assert len(examined.problems) == 1, said(config, examined.problems)


def test_a_gate_cannot_ask_for_a_score_that_is_not_defined(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    text = (config / "standard.yaml").read_text(encoding="utf-8")
    start, end = text.index("score:\n"), text.index("# What a lead must meet")
    (config / "standard.yaml").write_text(text[:start] + text[end:], encoding="utf-8")

    examined = examine(config, {}, None)

    assert "the gate asks for a score, and none is defined" in said(config, examined.problems)
    assert len(examined.problems) == 1


def test_records_are_made_only_under_an_id_of_our_own(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    replace(config, "crm.yaml", "  external_id: Syncd_Id__c\n", "")
    replace(config, "crm.yaml", "poll_every: 20s", "create_in: {salesforce: mql}")

    examined = examine(config, {}, None)

    assert "name a unique field as external_id under salesforce" in said(config, examined.problems)
    assert len(examined.problems) == 1


def test_with_jwt_and_a_shared_login_links_need_an_address_of_their_own(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    replace(config, "crm.yaml", "domain: example.my ", "domain: login ")
    replace(config, "crm.yaml", "auth: client-credentials", "auth: jwt")

    examined = examine(config, {}, None)

    assert "add record_url: https://" in said(config, examined.problems)
    assert len(examined.problems) == 1
