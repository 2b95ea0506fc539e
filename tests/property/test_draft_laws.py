"""Whatever the world: what made leads win stands above noise, and noise alone is no standard."""

import pytest
from draft_world import NOISE, PROXIES, SEPARATE, asked, leads

from syncd.measure.draft import Draft, draft

TRUE = SEPARATE | PROXIES


def _stands_above_noise(found: Draft) -> bool:
    fields = [str(x.condition.field) for x in found.rules]
    true = [x for x in fields if x in TRUE]
    return len(true) >= 3 and fields[: len(true)] == true and set(fields) - TRUE <= NOISE


def _drafted_from_noise(seed: int) -> bool:
    """In a world where nothing but chance decides."""
    return bool(draft(leads(seed=seed, many=1500, weight=0), asked()).rules)


def test_true_separators_stand_above_noise_in_a_few_worlds() -> None:
    for seed in (2, 3):
        assert _stands_above_noise(draft(leads(seed=seed, many=7000), asked())), seed


@pytest.mark.slow
def test_true_separators_stand_above_noise_in_many_worlds() -> None:
    found = [draft(leads(seed=seed, many=7000), asked()) for seed in range(30)]

    assert sum(map(_stands_above_noise, found)) == len(found)


def test_noise_gives_no_rule_in_a_few_worlds() -> None:
    assert not any(map(_drafted_from_noise, range(20, 25)))


@pytest.mark.slow
def test_noise_gives_a_rule_in_fewer_worlds_than_one_in_twenty() -> None:
    """All rules of a draft together: a draft of pure noise is what must not come out."""
    worlds = range(300)

    assert sum(map(_drafted_from_noise, worlds)) <= len(worlds) / 20
