"""Whatever is added to the map, shown at last or spelled otherwise: until somebody edits it,
nothing of it is ever written; and then it travels."""

from dataclasses import replace

from decide_cases import HUBSPOT, SALESFORCE, THE_MAP, TITLE
from fakes import House, house, in_map
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.mapping import CrmMap
from syncd.domain.names import System
from syncd.domain.values import FieldSpec, FieldType
from syncd.jobs.recent import Recent

RECORDS = {SALESFORCE: "00Q1", HUBSPOT: "101"}
SPEC = THE_MAP.fields[TITLE]
EARLIER = {
    "not in the map": None,
    "a number": replace(SPEC, type=FieldType.INTEGER),
    "another property": replace(SPEC, properties=dict.fromkeys(System, "source__c")),
    "another table": replace(SPEC, options={HUBSPOT: {"boss": "Boss"}}),
    "hidden": replace(SPEC, properties=dict.fromkeys(System, "not_there__c")),
    "the same": SPEC,
}
titles = st.sampled_from([None, "CEO", "Boss", "7"])
steps = st.lists(st.sampled_from([*System, "cycle", "day", "restart"]), max_size=8)


def with_title(spec: FieldSpec | None) -> CrmMap:
    crm = in_map()
    others = {name: x for name, x in crm.fields.items() if name != TITLE}
    return replace(crm, fields=others | ({TITLE: spec} if spec else {}))


def goes_on_with(made: House, spec: FieldSpec | None) -> None:
    made.pair = replace(made.pair, rules=replace(made.pair.rules, crm=with_title(spec)))
    made.recent = Recent()


def does(made: House, step: System | str, nth: int) -> None:
    """Somebody edits another field, or time passes, or the worker is started again."""
    if step is SALESFORCE:
        made.sf.edit("00Q1", country__c=f"{nth}")
    elif step is HUBSPOT:
        made.hs.edit("101", country__c=f"{nth}")
    elif step == "restart":
        made.recent = Recent()
    else:
        made.cycle(minutes=24 * 60 if step == "day" else 5)


def shown(made: House) -> dict[System, object]:
    return {
        SALESFORCE: made.sf.value("00Q1", "title__c"),
        HUBSPOT: made.hs.value("101", "title__c"),
    }


@given(
    earlier=st.sampled_from(sorted(EARLIER)),
    there=st.tuples(titles, titles),
    before=steps,
    after=steps,
    editor=st.sampled_from(System),
)
def test_a_field_travels_only_once_somebody_has_edited_it(
    earlier: str,
    there: tuple[str | None, str | None],
    before: list[System | str],
    after: list[System | str],
    editor: System,
) -> None:
    made = house()
    goes_on_with(made, EARLIER[earlier])
    for crm, title in zip((made.sf, made.hs), there, strict=True):
        crm.add(RECORDS[crm.system], email="a@x.example", title__c=title)
    made.cycle()
    for nth, step in enumerate(before):
        does(made, step, nth)
    goes_on_with(made, SPEC)
    for nth, step in enumerate(after, start=100):
        does(made, step, nth)
    made.cycles(4)

    untouched = shown(made)
    crm = made.sf if editor is SALESFORCE else made.hs
    crm.edit(RECORDS[editor], title__c="edited")
    made.cycles(4)

    assert untouched == dict(zip((SALESFORCE, HUBSPOT), there, strict=True))
    assert shown(made) == dict.fromkeys(System, "edited")
