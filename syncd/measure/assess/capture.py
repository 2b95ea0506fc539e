"""Whether the CRMs hold what is needed to tell a good lead. Pure."""

from syncd.core.value_words import counted
from syncd.domain.names import FieldName
from syncd.measure.assess.capture_fields import filled, own_fields, share_with
from syncd.measure.assess.finding import Answer, CannotSee, Check, Group
from syncd.measure.assess.leads import has, is_won, mqls, sqls
from syncd.measure.assess.sight import LeadSight, Reading, Sight
from syncd.measure.assess.weigh import FEW, Asked, commonest, share, share_of, with_examples
from syncd.measure.shares import Rate

_PHONE = FieldName("phone")
_ALWAYS = 0.95
"""Of the won leads: so many must have a field for it to count as one that won leads have."""


def _addresses(sight: Sight) -> Answer:
    return share_of(
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
    show = "have an address that another one there has, too"
    return with_examples(share(Rate(shared, records), "records", show), each)


def _filled(sight: Sight, of: list[LeadSight], whom: str, field: FieldName | None) -> Answer:
    spec = sight.crm.fields.get(field) if field else None
    if spec is None:
        return CannotSee("no such field is mapped")
    return filled(sight, of, whom, [spec])


def _winners_fields(sight: Sight) -> Answer:
    won = [x for x in sight.leads if is_won(x)]
    if len(won) < FEW:
        return CannotSee(f"there are {len(won):,} won leads: too few to say what they all have")
    always = [x.name for x in own_fields(sight.crm) if share_with(won, x.name) >= _ALWAYS]
    if not always:
        return CannotSee("there is no field that so many won leads have")
    lacking = [[f for f in always if not has(x, f)] for x in sqls(sight) if not is_won(x)]
    answer = share(
        Rate(sum(map(bool, lacking)), len(lacking)),
        "SQLs that are not won",
        f"lack one of the {counted(len(always), 'field')} that won leads have",
    )
    return with_examples(answer, commonest(name for names in lacking for name in names))


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
        fix="Ask for it at the gate to SQL.",
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
        title="SQLs have the fields that won leads have",
        looks=f"Fields filled on {100 * _ALWAYS:.0f} % of the won leads (ten of these at least), "
        "on the SQLs that are not won.",
        why="What all winners have and others lack is either what qualifies, or what sales fills "
        "in only once it believes.",
        fix="Put these fields into the gate to SQL, and hold that against `syncd backtest --crm`.",
        weight=3,
        ask=_winners_fields,
        needs=(Reading.DEALS,),
    ),
)
