"""A gate that is to block, though nobody looked first: it flags, and says so."""

from dataclasses import replace

from decide_cases import AT_ONCE
from fakes import add_person, house

from syncd.domain.alert import AlertKind
from syncd.domain.stage import Stage

UNLOOKED = replace(AT_ONCE, unpreviewed=frozenset({Stage.SQL}))


def test_a_gate_that_nobody_looked_at_flags_and_slack_says_why() -> None:
    made = house(rules=UNLOOKED)
    add_person(made, Stage.MQL, budget_confirmed__c=False)
    made.cycle(minutes=1)
    made.sf.move("00Q1", Stage.SQL)

    made.cycles(2)

    assert made.sf.stage("00Q1") == "sql"
    assert made.slack.kinds().count(AlertKind.CONFIG) == 1
    (told,) = [x.alert for _, sent in made.slack.sent for x in sent if x.alert.kind == "config"]
    assert "no checksum of a preview" in told.why[0]
    assert "`syncd plan`" in told.next_step


def test_the_message_says_that_it_is_over_once_the_checksum_is_there() -> None:
    made = house(rules=UNLOOKED)
    add_person(made)
    made.cycles(2)
    made.pair = replace(made.pair, rules=replace(made.pair.rules, policy=AT_ONCE))

    made.cycles(2)

    assert len(made.slack.updates) == 1
    assert made.store.troubles() == []
