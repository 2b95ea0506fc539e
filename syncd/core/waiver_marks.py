"""Show on the record which exceptions hold there, so that the CRM's own guards let them pass."""

from datetime import timedelta

from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.marks import write_marks
from syncd.domain.lead import Lead
from syncd.domain.mapping import Mark
from syncd.domain.names import FieldName
from syncd.domain.values import Value

_SECOND = timedelta(seconds=1)


def show_waivers(draft: Draft, ctx: Context) -> Draft:
    """`sql/budget-confirmed;sql/score;` and until when the last of them holds. Written when a
    waiver comes or goes; an expired one is taken away with whatever is next decided."""
    lead, name = draft.lead, ctx.crm.marks.get(Mark.WAIVED)
    if name is None or not (lead.waivers or _is_shown(lead, name)):
        return draft
    holding = [x for x in lead.waivers if x.cycle == lead.cycle and ctx.now < x.expires_at]
    named = dict.fromkeys(f"{x.gate}/{rule};" for x in holding for rule in x.rules)
    values: dict[Mark, Value] = {Mark.WAIVED: "".join(named) or None, Mark.WAIVED_UNTIL: None}
    if holding:
        last = max(x.expires_at for x in holding)
        whole = last.replace(microsecond=0)  # Salesforce keeps no less than a second
        values[Mark.WAIVED_UNTIL] = whole if whole == last else whole + _SECOND
    return write_marks(draft, values, cause=None, ctx=ctx)


def _is_shown(lead: Lead, name: FieldName) -> bool:
    """Almost no lead has a waiver: those are told at once."""
    for side in lead.sides.values():  # noqa: SIM110 - the generator costs more than the rest
        if side.seen.values.get(name) is not None:
            return True
    return False
