"""HubSpot by hand: which properties each stage needs, what to click, and what nothing there can
hold. Markdown for a person; nothing is written to HubSpot.
"""

from collections.abc import Iterable, Iterator

from syncd.compile.hubspot_bands import BandHeld, BandList
from syncd.compile.required import Required, required_fields
from syncd.compile.salesforce import stamp_of
from syncd.compile.words import mode_words
from syncd.core.alert_words import stage_words
from syncd.core.stages import spelled
from syncd.domain.mapping import CrmMap
from syncd.domain.names import System
from syncd.domain.policy import Policy
from syncd.domain.stage import Stage
from syncd.domain.standard import Standard

LABELS = {
    "company": "Company Name",
    "country": "Country/Region",
    "email": "Email",
    "firstname": "First Name",
    "hs_analytics_source": "Original Traffic Source",
    "hs_lead_status": "Lead Status",
    "hubspot_owner_id": "Contact owner",
    "jobtitle": "Job Title",
    "lastname": "Last Name",
    "lifecyclestage": "Lifecycle Stage",
    "phone": "Phone Number",
}
"""HubSpot's own labels of its own contact properties, in English."""


def checklist(
    standard: Standard, policy: Policy, crm: CrmMap, bands: Iterable[BandList | BandHeld]
) -> str:
    stamp = stamp_of(standard)
    return "\n".join(
        (
            "# HubSpot, stage by stage",
            "",
            f"Made by `syncd compile` from {stamp.words}. Do not edit: compile anew.",
            "",
            "HubSpot shows and asks; it does not refuse everything. Imports, workflows, the API "
            "and other apps may pass what is asked of people here. syncd judges every move all "
            "the same.",
            *(x for stage in standard.gates for x in _gate(stage, standard, policy, crm)),
            *_moves(standard, crm),
            *_bands(bands),
            "",
        )
    )


def _gate(stage: Stage, standard: Standard, policy: Policy, crm: CrmMap) -> Iterator[str]:
    fields = required_fields(standard, stage, crm, System.HUBSPOT)
    mode = mode_words(stage, policy)
    yield from ("", f"## Into {stage_words(stage)} or beyond (mode {mode})", "")
    yield "What tells that a contact is there:"
    yield ""
    for line in crm.sides[System.HUBSPOT].stages:
        if line.stage.rank >= stage.rank:
            yield f"- {stage_words(line.stage)}: {spelled(line.values)}"
    yield from ("", "| required | property | internal name | asked by |", "|---|---|---|---|")
    for field in fields:
        yield _row(field, standard)
    yield from ("", *_conditional(stage, fields, crm))


def _row(field: Required, standard: Standard) -> str:
    required = "always" if field.always else "it depends"
    rules = ", ".join(f"{x} ({standard.rules[x].says})" for x in field.rules)
    name = f"`{field.path}`" if field.path else "not in HubSpot"
    return f"| {required} | {_label(field)} | {name} | {rules.replace('|', '/')} |"


def _label(field: Required) -> str:
    return LABELS.get(field.path or "", field.words.capitalize())


def _conditional(stage: Stage, fields: Iterable[Required], crm: CrmMap) -> Iterator[str]:
    """One set of clicks for each property that tells a stage."""
    names = [f"{_label(x)} (`{x.path}`)" for x in fields if x.always and x.path]
    lines = [x for x in crm.sides[System.HUBSPOT].stages if x.stage.rank >= stage.rank]
    values: dict[str, dict[str, None]] = {}
    for line in lines:
        for name, value in line.values.items():
            values.setdefault(name, {})[value or "(empty)"] = None
    first = next(iter(values), None)
    if first is None or not names:
        yield "No property is required in every case: there is nothing to click."
        return
    yield "To click, as an admin:"
    yield ""
    yield f"1. Settings → Properties → Contact properties → {LABELS.get(first, first)} (`{first}`)."
    yield f"2. Conditional logic: when the value is {', '.join(values[first])}, show"
    yield f"   {', '.join(names)};"
    yield "   mark each as required, and save."
    if len(values) > 1:
        others = ", ".join(f"`{x}`" for x in values if x != first)
        yield f"3. A stage here is also told by {others}: HubSpot asks by one property at a time."


def _moves(standard: Standard, crm: CrmMap) -> Iterator[str]:
    lowest = min(standard.gates, key=lambda x: x.rank)
    names = crm.stage_properties(System.HUBSPOT)
    yield from ("", "## What moves contacts past the gates by itself", "")
    yield (
        f"Each of these can set {', '.join(f'`{x}`' for x in names)} to {stage_words(lowest)} or "
        "beyond without anybody looking. Switch off what nobody needs:"
    )
    yield from (
        "",
        "- Settings → Objects → Contacts → Lifecycle Stage: the stage that is set when a deal is "
        "created, and when one is won; the sync of the stage from company to contact.",
        "- Settings → Integrations → Salesforce: automatic lifecycle stage transitions.",
        "- Automations → Workflows: those with an action that sets one of these properties.",
        "- Where sales works with HubSpot's Leads or Deals: Settings → Objects → Leads or Deals → "
        "Pipelines → Pipeline rules: restrict creation to one stage, restrict skipping stages.",
    )


def _bands(bands: Iterable[BandList | BandHeld]) -> Iterator[str]:
    yield from ("", "## Active lists by score", "")
    for band in bands:
        if isinstance(band, BandList):
            yield f"- {band.band}: `lists/{band.band}.json`, the body of `POST /crm/v3/lists`."
        else:
            yield f"- {band.band}: held by the daemon only: {band.why}."
