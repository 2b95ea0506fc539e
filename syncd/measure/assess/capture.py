"""Whether the CRMs hold what is needed to tell a good lead. Pure."""

from dataclasses import replace

from syncd.core.value_words import listed
from syncd.domain.names import FieldName
from syncd.measure.assess.capture_fields import own_fields, share_with
from syncd.measure.assess.finding import Answer, CannotSee, Check, Gap, Group
from syncd.measure.assess.leads import is_won, mqls, sqls, value
from syncd.measure.assess.sight import LeadSight, Sight
from syncd.measure.assess.weigh import Asked, share, share_of, share_with_cost

_PHONE = FieldName("phone")
_ALWAYS, _ENOUGH_WON = 0.95, 10
"""So many won deals must have a field for it to count as one that every won deal has."""


def _addresses(sight: Sight) -> Answer:
    return share_of(
        sight,
        Asked(
            of=sight.leads,
            whom="leads",
            wrong=lambda x: not any(side.addressed for side in x.sides.values()),
            show="have no email address",
        ),
    )


def _duplicates(sight: Sight) -> Answer:
    shared = sum(x.shared for x in sight.places.values())
    records = sum(x.records for x in sight.places.values())
    each = [f"{s.label}: {x.shared:,}" for s, x in sight.places.items() if x.shared]
    answer = share(shared, records, "records", "have an address that another one there has, too")
    return replace(answer, examples=tuple(each)) if isinstance(answer, Gap) else answer


def _filled(sight: Sight, of: list[LeadSight], whom: str, field: FieldName | None) -> Answer:
    if field is None or field not in sight.crm.fields:
        return CannotSee("no such field is mapped")
    return share_with_cost(
        sight,
        Asked(
            of=of,
            whom=whom,
            wrong=lambda x: value(x, field) is None,
            show=f"have no {field}",
        ),
    )


def _winners_fields(sight: Sight) -> Answer:
    won = [x for x in sight.leads if is_won(x)]
    if len(won) < _ENOUGH_WON:
        return CannotSee(f"there are {len(won):,} won leads: too few to say what they all have")
    always = [x.name for x in own_fields(sight.crm) if share_with(won, x.name) >= _ALWAYS]
    if not always:
        return CannotSee("there is no field that every won lead has")
    waiting = [x for x in sqls(sight) if not is_won(x)]
    return share_of(
        sight,
        Asked(
            of=waiting,
            whom="SQLs not won",
            wrong=lambda x: any(value(x, name) is None for name in always),
            show=f"lack a field that every won lead has ({listed(sorted(always), 'or')})",
        ),
    )


CHECKS = (
    Check(
        id="capture-address",
        group=Group.CAPTURE,
        title="Leads have an email address",
        looks="The addresses of every lead, in either CRM.",
        why="The address is what joins the two CRMs: without it a lead has half a story.",
        fix="Make the address required on forms, imports and page layouts.",
        weight=2,
        ask=_addresses,
    ),
    Check(
        id="capture-duplicates",
        group=Group.CAPTURE,
        title="One person is one record",
        looks="Living records of one CRM that share an address.",
        why="Two reps call one person, each number counts them twice, and no sync can tell "
        "which of them is meant.",
        fix="Merge them in the CRM, and set its duplicate rule to block.",
        weight=3,
        ask=_duplicates,
    ),
    Check(
        id="capture-company",
        group=Group.CAPTURE,
        title="MQLs have a company",
        looks="The company field (shown.company in crm.yaml) of every lead that was ever an MQL.",
        why="Fit is judged by the company; without one it is not judged.",
        fix="Ask for the company on forms, or enrich before scoring.",
        weight=1,
        ask=lambda sight: _filled(sight, mqls(sight), "MQLs", sight.crm.company),
    ),
    Check(
        id="capture-phone",
        group=Group.CAPTURE,
        title="SQLs have a phone number",
        looks="The field called phone of every lead that was ever an SQL.",
        why="Somebody talked to them, and the next one has to look the number up again.",
        fix="Ask for it at the gate to sql.",
        weight=1,
        ask=lambda sight: _filled(sight, sqls(sight), "SQLs", _PHONE),
    ),
    Check(
        id="capture-source",
        group=Group.CAPTURE,
        title="MQLs tell where they came from",
        looks="The source field (shown.source in crm.yaml) of every lead that was ever an MQL.",
        why="Spend on what works cannot be told from spend on what does not.",
        fix="Set the source by form and by import, and make it required for leads typed in.",
        weight=2,
        ask=lambda sight: _filled(sight, mqls(sight), "MQLs", sight.crm.source),
    ),
    Check(
        id="capture-winners-fields",
        group=Group.CAPTURE,
        title="SQLs have the fields that every won lead has",
        looks=f"Fields filled on {_ALWAYS:.0%} of the won leads (ten of these at least), on the "
        "SQLs that are not won.",
        why="What all winners have and others lack is either what qualifies, or what sales fills "
        "in only once it believes.",
        fix="Put these fields into the gate to sql, and hold that against `syncd backtest --crm`.",
        weight=3,
        ask=_winners_fields,
    ),
)
