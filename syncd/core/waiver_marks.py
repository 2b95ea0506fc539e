"""Show on the record which exceptions hold there, so that the CRM's own guards let them pass."""

from datetime import timedelta

from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.marks import write_marks
from syncd.domain.mapping import Mark
from syncd.domain.values import Value

_SECOND = timedelta(seconds=1)


def show_waivers(draft: Draft, ctx: Context) -> Draft:
    """`sql/budget-confirmed;sql/score;` and until when the last of them holds. Written when a
    waiver comes or goes; an expired one is taken away with whatever is next decided."""
    if Mark.WAIVED not in ctx.crm.marks:
        return draft
    lead = draft.lead
    holding = [x for x in lead.waivers if x.cycle == lead.cycle and ctx.now < x.expires_at]
    named = dict.fromkeys(f"{x.gate}/{rule};" for x in holding for rule in x.rules)
    values: dict[Mark, Value] = {Mark.WAIVED: "".join(named) or None, Mark.WAIVED_UNTIL: None}
    if holding:
        last = max(x.expires_at for x in holding)
        whole = last.replace(microsecond=0)  # Salesforce keeps no less than a second
        values[Mark.WAIVED_UNTIL] = whole if whole == last else whole + _SECOND
    return write_marks(draft, values, cause=None, ctx=ctx)
