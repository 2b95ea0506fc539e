"""`syncd explain X`: a lead's whole story in both CRMs, or the life of one field of it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import click
from rich.console import RenderableType

from syncd.adapters.clock import SystemClock
from syncd.adapters.logs import set_up_logs
from syncd.adapters.store.store import SqlStore
from syncd.cli.clocks import account_json, account_page
from syncd.cli.explain_page import page
from syncd.cli.field_life import FieldLife, life_json
from syncd.cli.field_page import field_page
from syncd.cli.layout import console
from syncd.cli.local import Local
from syncd.cli.options import (
    config_option,
    find_one,
    json_option,
    open_for_reading,
    print_json,
    source_of,
)
from syncd.cli.story_json import story_json
from syncd.cli.wording import context_of
from syncd.core.connector import left_to_connector
from syncd.domain.decision import Plan
from syncd.domain.names import FieldName
from syncd.domain.values import FieldSpec
from syncd.errors import SyncdError
from syncd.jobs.field_now import field_now
from syncd.settings.load import Settings
from syncd.store_ports import Story
from syncd.wiring import Source, look_at_crms


@click.command()
@click.argument("lead")
@click.option("--field", help="The life of this one field; asks both CRMs for their history.")
@click.option("--clock", is_flag=True, help="Every clock: what counted, and why the rest did not.")
@config_option
@json_option
def explain(lead: str, field: str | None, clock: bool, config_dir: Path, as_json: bool) -> None:
    """A lead's whole story in both CRMs. LEAD is an email, HubSpot id or Salesforce id."""
    if clock and field:
        raise SyncdError("--clock and --field ask for different pages: give one of them")
    source = source_of(config_dir)
    settings = source.load()
    spec = _spec(settings, field) if field else None
    store = open_for_reading(settings)
    story = store.story(find_one(store, lead))
    if story is None:
        raise SyncdError(f"nothing is stored of {lead}; `syncd status` tells how far syncd read")
    if clock:
        _answer(*_clocks(story, settings), as_json=as_json)
        return
    if spec is None:
        told = page(story, settings, _plans(store, story))
        _answer(story_json(story), told, as_json=as_json)
        return
    life = _life(store, story, spec, source, settings)
    _answer(life_json(life), field_page(life, settings), as_json=as_json)


def _answer(keys: object, parts: Iterable[RenderableType], *, as_json: bool) -> None:
    if as_json:
        print_json(keys)
        return
    shown = console()
    for part in parts:
        shown.print(part)


def _clocks(story: Story, settings: Settings) -> tuple[object, Iterable[RenderableType]]:
    """Keys and page. SyncdError where the lead never had a handoff."""
    if not story.handoffs:
        raise SyncdError("this lead was never handed over to sales: no clock ever ran for it")
    policy, now = settings.policy, datetime.now(UTC)
    local = Local(policy.calendar.time_zone)
    keys = account_json(story.handoffs, policy, now=now)
    return keys, account_page(story.handoffs, policy, local, now=now)


def _spec(settings: Settings, field: str) -> FieldSpec:
    spec = settings.crm.fields.get(FieldName(field))
    if spec is None:
        known = ", ".join(settings.crm.fields)
        raise SyncdError(
            f"crm.yaml has no field {field}; it has {known}. A stage is told by `syncd explain` "
            "without --field"
        )
    return spec


def _life(
    store: SqlStore, story: Story, spec: FieldSpec, source: Source, settings: Settings
) -> FieldLife:
    set_up_logs(settings.secrets.values(), level="ERROR")
    crms = look_at_crms(source, settings, clock=SystemClock(Event()))
    ctx = context_of(story.lead, settings, now=datetime.now(UTC))
    return FieldLife(
        story=story,
        spec=spec,
        now=field_now(crms, story.lead, spec, settings.crm),
        ctx=replace(ctx, left_to_connector=left_to_connector(store.sides().values(), settings.crm)),
        plans=_plans(store, story),
    )


def _plans(store: SqlStore, story: Story) -> Sequence[Plan]:
    """Those that hold something of the lead."""
    return [plan for plan in store.standing([story.lead.id]) if plan.leads]
