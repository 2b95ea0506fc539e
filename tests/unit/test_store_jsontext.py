"""JSON text that is hashed: one text for the same facts, on either way of writing it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from syncd.adapters.store.jsontext import canonical

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)


@given(facts=st.dictionaries(_TEXT, _TEXT))
def test_facts_are_written_in_one_order_however_they_came(facts: dict[str, str]) -> None:
    text = canonical(dict(reversed(facts.items())))

    assert list(json.loads(text).items()) == sorted(facts.items())


def test_facts_with_half_a_character_are_written_in_the_same_order() -> None:
    text = canonical({"rule": "\ud83d", "field": "title"})

    assert list(json.loads(text).items()) == [("field", "title"), ("rule", "\ud83d")]
