"""Six refused moves, more than the brake lets back at once."""

from decide_cases import few_at_once
from fakes import House, add_person, house

from syncd.domain.stage import Stage


def held() -> House:
    made = house(rules=few_at_once(2))
    for number in range(1, 7):
        add_person(made, Stage.MQL, number=number, budget_confirmed__c=False)
    made.cycle(minutes=1)
    for number in range(1, 7):
        made.sf.move(f"00Q{number}", Stage.SQL)
    made.cycle(minutes=1)
    return made
