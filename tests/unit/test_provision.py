"""What provisioning makes of what is there: every state, and what is left to people."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from core_cases import CRM

from syncd.core.provision import Found, Item, State, plan
from syncd.core.provision_hand import by_hand
from syncd.core.wanted import Choice, Wanted, WantedField, WantedList
from syncd.domain.names import System
from syncd.domain.record import PropertySchema
from syncd.domain.values import FieldType

SALESFORCE, HUBSPOT = System.SALESFORCE, System.HUBSPOT
LEAD, CONTACT = CRM.sides[SALESFORCE].kind, CRM.sides[HUBSPOT].kind
NEED = WantedField(
    system=SALESFORCE,
    kind=LEAD,
    name="Need__c",
    type=FieldType.STRING,
    label="Need",
    purpose="said so",
    written=True,
)
ROLE = replace(
    NEED, name="Role__c", type=FieldType.PICKLIST, choices=(Choice("a", "A"), Choice("b", "B"))
)
LIST = WantedList(system=HUBSPOT, id="7", label="Nurture", where="policy.yaml: recycle.x")


def there(name: str, kind: str = "string", **more: object) -> PropertySchema:
    known = PropertySchema(name=name, label=name, type=kind, writable=True)
    return replace(known, **more)  # type: ignore[arg-type]  # what a case is about


def found(*fields: PropertySchema, **more: object) -> Found:
    known = Found(schema={x.name: x for x in fields}, has_home=True)
    return replace(known, **more)  # type: ignore[arg-type]  # as above


def items(wish: WantedField | WantedList, state: Found) -> tuple[Item, ...]:
    is_list = isinstance(wish, WantedList)
    wanted = Wanted(fields=() if is_list else (wish,), lists=(wish,) if is_list else ())  # type: ignore[arg-type]  # told apart by is_list
    return plan(wanted, CRM, {wish.system: state})


def only(wish: WantedField | WantedList, state: Found) -> Item:
    (item,) = (x for x in items(wish, state) if x.wants is not None)
    return item


CASES: Mapping[str, tuple[WantedField, Found, State]] = {
    "as wanted": (NEED, found(there("Need__c")), State.EXISTS),
    "absent": (NEED, found(), State.MISSING),
    "hidden": (NEED, found(hidden=frozenset({(LEAD, "Need__c")})), State.HIDDEN),
    "hidden elsewhere": (NEED, found(hidden=frozenset({("Contact", "Need__c")})), State.MISSING),
    "of another type": (NEED, found(there("Need__c", "date")), State.DIFFERS),
    "read-only": (NEED, found(there("Need__c", writable=False)), State.DIFFERS),
    "short": (replace(NEED, length=9), found(there("Need__c", max_length=8)), State.DIFFERS),
    "not unique": (replace(NEED, unique=True), found(there("Need__c")), State.DIFFERS),
    "lacking options": (ROLE, found(there("Role__c", offered=("a",))), State.LACKS),
    "lacking options for good": (
        ROLE,
        found(there("Role__c", offered=("a",)), fixed_options=frozenset({"Role__c"})),
        State.BY_HAND,
    ),
    "with more options": (ROLE, found(there("Role__c", offered=("a", "b", "c"))), State.EXISTS),
    "of free text": (ROLE, found(there("Role__c")), State.EXISTS),
    "the vendor's own": (replace(NEED, name="Need"), found(), State.BY_HAND),
    "only read": (replace(NEED, type=None), found(), State.BY_HAND),
    "an owner": (replace(NEED, type=FieldType.OWNER), found(), State.BY_HAND),
    "with too long a name": (replace(NEED, name=f"{'N' * 41}__c"), found(), State.BY_HAND),
    "with the longest name": (replace(NEED, name=f"{'N' * 40}__c"), found(), State.MISSING),
    "with two underscores": (replace(NEED, name="A__b__c"), found(), State.BY_HAND),
    "of capitals in HubSpot": (
        replace(NEED, system=HUBSPOT, kind=CONTACT, name="Need"),
        found(),
        State.BY_HAND,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_state_of_a_field(case: str) -> None:
    wish, state, expected = CASES[case]

    assert only(wish, state).state is expected


def test_only_the_options_that_are_lacking_are_to_be_added() -> None:
    item = only(ROLE, found(there("Role__c", offered=("a",))))

    assert item.choices == (Choice("b", "B"),)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (found(), State.MISSING),
        (found(lists=frozenset({"7"})), State.EXISTS),
        (found(made_lists={"Nurture": "9"}), State.BY_HAND),
        (found(lists=frozenset({"7"}), made_lists={"Nurture": "9"}), State.EXISTS),
    ],
)
def test_the_state_of_a_list(state: Found, expected: State) -> None:
    assert only(LIST, state).state is expected


def test_a_list_that_was_made_says_which_id_to_write_where() -> None:
    item = only(LIST, found(made_lists={"Nurture": "9"}))

    assert 'recycle.x: "9"' in item.says


@pytest.mark.parametrize(
    ("state", "homes"),
    [
        (found(there("Need__c"), has_home=False), []),
        (found(has_home=False), [State.MISSING]),
        (found(has_home=False, hidden=frozenset({(LEAD, "Need__c")})), [State.MISSING]),
        (found(), [State.EXISTS]),
    ],
)
def test_a_home_is_wanted_where_something_is_to_be_in_it(state: Found, homes: list[State]) -> None:
    assert [x.state for x in items(NEED, state) if x.wants is None] == homes


def test_people_are_told_of_the_fields_that_only_they_can_show() -> None:
    own = replace(NEED, name="Syncd_Verdict__c", own=True)
    lead_and_contact = (NEED, replace(NEED, kind="Contact"))
    crm = replace(
        CRM,
        sides={
            **CRM.sides,
            SALESFORCE: replace(CRM.sides[SALESFORCE], converted_kind="Contact"),
        },
    )

    told = by_hand(Wanted(fields=(own, *lead_and_contact), lists=()), crm)

    said = {x.where.rpartition(" > ")[2]: x.what for x in told}
    assert "Syncd_Verdict__c" in said["Field-Level Security"]
    assert "Need__c" not in said["Field-Level Security"]
    assert said["Map Lead Fields"].endswith(": Need__c")
    assert "Set History Tracking" in said
