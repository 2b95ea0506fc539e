"""Write what people are told when sales turned a lead down. Plain words only, like `alerting`."""

from syncd.core.alert_parts import Facts, lead_alert
from syncd.core.alert_words import local_words, name_of, stage_words
from syncd.core.context import Context
from syncd.domain.action import SendAlert
from syncd.domain.alert import AlertKind
from syncd.domain.copies import replace
from syncd.domain.ending import Ending, Road
from syncd.domain.handoff import Handoff
from syncd.domain.lead import Lead


def rejected_alert(lead: Lead, over: Handoff, ending: Ending, ctx: Context) -> SendAlert:
    """To whoever it goes back to. `lead` is as it is from now on."""
    name = name_of(lead, ctx.crm)
    sent = lead_alert(
        AlertKind.RECYCLED,
        over.id,
        lead,
        ctx,
        title=f"{name} was rejected by {over.changes[-1].by}: now at {stage_words(lead.stage)}",
        summary=f"{name}: {ending.why}",
        why=(f"{_sentence(ending.why)}.", _sentence(ending.notes)),
        next_step=next_words(ending),
        facts=_facts(lead, ctx),
        to=None,
    )
    return replace(sent, alert=replace(sent.alert, thread=over.id))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def next_words(ending: Ending) -> str:
    """What becomes of a lead whose round is over."""
    match ending.road:
        case Road.NURTURE:
            return "Marketing keeps in touch. It can become an MQL again once it has cooled off."
        case Road.RETIRED:
            return "That was its last round: it comes back by a waiver only."
        case Road.OUT:
            return "Nothing more is done about it. Whoever knows better moves it back."


def _facts(lead: Lead, ctx: Context) -> Facts:
    facts: Facts = (("Times recycled", str(lead.recycles)),)
    if lead.cool_off_until is None:
        return facts
    return (*facts, ("MQL again from", local_words(lead.cool_off_until, ctx)))
