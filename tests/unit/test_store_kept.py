"""Leads kept in memory between the decision and the delivery."""

from dataclasses import replace

from decide_cases import known

from syncd.adapters.store.kept import KeptLeads
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId


def leads(count: int) -> list[Lead]:
    return [replace(known(), id=LeadId(f"ld_{number}")) for number in range(count)]


def test_without_a_lease_nothing_is_kept() -> None:
    kept = KeptLeads()

    kept.keep(leads(1))

    assert kept.under(None) == {}


def test_another_lease_starts_with_nothing() -> None:
    kept = KeptLeads()
    kept.under(1)
    kept.keep(leads(1))

    assert (len(kept.under(1)), len(kept.under(2)), len(kept.under(1))) == (1, 0, 0)


def test_the_oldest_make_room() -> None:
    kept = KeptLeads()
    kept.under(1)
    everybody = leads(1_002)

    kept.keep(everybody[:1_000])
    kept.keep(everybody[:1])
    kept.keep(everybody[1_000:])

    assert {x.id for x in everybody} - kept.under(1).keys() == {"ld_1", "ld_2"}
