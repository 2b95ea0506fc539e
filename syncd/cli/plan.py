"""`syncd plan`: what a cycle would write now; look at and apply what the brake held."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Event

import click

from syncd.adapters.clock import SystemClock
from syncd.adapters.logs import set_up_logs
from syncd.app_preview import apply_kept, preview, waking_of
from syncd.cli.options import (
    by_option,
    config_option,
    json_option,
    open_for_orders,
    open_for_reading,
    print_json,
    source_of,
)
from syncd.cli.ordering import place_order
from syncd.cli.plan_page import applied_page, preview_json, preview_page
from syncd.cli.plan_since import checksums_to_block, replay_plan
from syncd.cli.waking_page import waking_lines
from syncd.cli.wording import lead_name
from syncd.core.preview import is_checksum
from syncd.core.signing import reasons_not_in_force
from syncd.core.value_words import counted
from syncd.domain.decision import Plan, PlanState
from syncd.domain.names import LeadId, PlanId
from syncd.domain.order import ApplyPlan
from syncd.domain.preview import Preview
from syncd.errors import SyncdError
from syncd.jobs.rehearse import Rehearsal
from syncd.settings.load import Settings


@click.group(invoke_without_command=True)
@click.option(
    "--since",
    metavar="SPAN",
    help="Not now, but the moves of so long (90d): what the standard would have done with them.",
)
@config_option
@json_option
@click.pass_context
def plan(ctx: click.Context, since: str | None, config_dir: Path, as_json: bool) -> None:
    """What a cycle would write now, and why. Reads both CRMs, writes to neither."""
    if ctx.invoked_subcommand is not None:
        return
    if since is not None:
        replay_plan(source_of(config_dir), since, as_json=as_json)
        return
    _plan_now(config_dir, as_json=as_json)


def _plan_now(config_dir: Path, *, as_json: bool) -> None:
    source = source_of(config_dir)
    settings = source.load()
    set_up_logs(settings.secrets.values(), level="ERROR")
    previewed = preview(source, clock=SystemClock(Event()))
    found, made = previewed.found, previewed.made
    unshown = _why_no_blocking_is_shown(settings, found, made)
    checksums = {} if unshown else checksums_to_block(settings, made.checksum)
    awake = waking_of(source, clock=SystemClock(Event())) if made.leads or checksums else {}
    if as_json:
        print_json({**preview_json(previewed, checksums), "wakes": awake})
    else:
        click.echo(preview_page(previewed, checksums))
        click.echo("\n".join(waking_lines(awake)), nl=bool(awake))
    if unshown and settings.policy.unpreviewed:
        said = "; ".join(unshown)
        click.echo(f"this plan shows no gate as it will block: {said}", err=True)
    _tell_unreadable(found.down, "so this plan is not the whole")


def _why_no_blocking_is_shown(settings: Settings, found: Rehearsal, made: Preview) -> Sequence[str]:
    """Whoever looks at such a plan has not seen what blocking would do."""
    down = ("a CRM could not be read",) if found.down else ()
    return (*reasons_not_in_force(settings.standard, today=made.made_at.date()), *down)


@plan.command()
@click.argument("plan_id")
@config_option
@json_option
def show(plan_id: str, config_dir: Path, as_json: bool) -> None:
    """A held plan: every lead in it and what would be written."""
    settings = source_of(config_dir).load()
    store = open_for_reading(settings)
    found = _find(store.plan(PlanId(plan_id)), plan_id, store.open_plans())
    if as_json:
        print_json(found)
        return
    leads = store.load([held.lead_id for held in found.leads])
    names = {lead_id: lead_name(lead, settings) for lead_id, lead in leads.items()}
    click.echo("\n".join(_shown(found, names)))


@plan.command()
@click.argument("plan_id", metavar="PLAN|CHECKSUM")
@by_option
@config_option
@json_option
def apply(plan_id: str, by: str, config_dir: Path, as_json: bool) -> None:
    """Let a held plan go, or carry out a preview by its checksum where no worker runs: what is
    still identical is written, the rest is listed."""
    if is_checksum(plan_id):
        _apply_preview(plan_id, by, config_dir, as_json=as_json)
    else:
        _approve(plan_id, by, config_dir, as_json=as_json)


def _apply_preview(kept: str, by: str, config_dir: Path, *, as_json: bool) -> None:
    source = source_of(config_dir)
    set_up_logs(source.load().secrets.values(), level="ERROR")
    done = apply_kept(source, kept, by=by, clock=SystemClock(Event()))
    if as_json:
        print_json(done)
    else:
        click.echo(applied_page(done, kept))
    _tell_unreadable(done.down, "so nothing that needs it was written")


def _approve(plan_id: str, by: str, config_dir: Path, *, as_json: bool) -> None:
    store = open_for_orders(source_of(config_dir).load())
    found = _find(store.plan(PlanId(plan_id)), plan_id, store.open_plans())
    if found.state is not PlanState.OPEN:
        raise SyncdError(f"{plan_id} is {found.state} already; `syncd plan show {plan_id}`")
    says_so = (
        f"Approved {counted(len(found.leads), 'lead')}. The next cycle writes what is still "
        f"identical; `syncd plan show {plan_id}` then lists the result."
    )
    place_order(store, ApplyPlan(plan_id=found.id), by=by, says=says_so, as_json=as_json)


def _tell_unreadable(down: Iterable[str], therefore: str) -> None:
    for trouble in down:
        click.echo(f"could not be read, {therefore}: {trouble}", err=True)
    click.get_current_context().exit(1 if down else 0)


def _shown(found: Plan, names: Mapping[LeadId, str]) -> Iterable[str]:
    """The plan for the person who is to approve it: by name, with every write."""
    leads = counted(len(found.leads), "lead")
    yield f"{found.id}: {found.state}, {leads}, held since {found.opened_at:%Y-%m-%d %H:%M} UTC"
    yield f"why: {found.reason}"
    for held in found.leads:
        yield f"  {names.get(held.lead_id, 'a lead that is gone')}  ({held.lead_id})"
        yield from (f"    {words}" for words in held.says)
        if held.result:
            yield f"    => {held.result}"
    if found.state is PlanState.OPEN:
        yield f"If it is right: `syncd plan apply {found.id}`. Until then nothing of it is written."


def _find(found: Plan | None, plan_id: str, others: Sequence[Plan]) -> Plan:
    if found is not None:
        return found
    known = ", ".join(p.id for p in others)
    raise SyncdError(
        f"no plan {plan_id}; {f'open plans: {known}' if known else 'no plan is held now'}"
    )
