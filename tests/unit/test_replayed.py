"""What replayed moves add up to, and the digest of it that a preview's checksum carries."""

from collections import Counter

from core_cases import NOW

from syncd.core.replay import Fate
from syncd.measure.replayed import Fates, ReplayCounts


def counts(**by_gate: Fates) -> ReplayCounts:
    return ReplayCounts(since=NOW, by_gate=by_gate)


BLOCKED, PASSED = Counter({Fate.BLOCKED: 1}), Counter({Fate.PASSED: 1})


def test_the_digest_tells_which_gate_would_have_done_what() -> None:
    assert counts(sql=BLOCKED).digest() != counts(mql=BLOCKED).digest()


def test_the_digest_does_not_know_which_move_came_first() -> None:
    one, other = counts(mql=PASSED, sql=BLOCKED), counts(sql=BLOCKED, mql=PASSED)

    assert one.digest() == other.digest()
