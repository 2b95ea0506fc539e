"""What is kept in memory between the decision and the delivery."""

from syncd.adapters.store.kept import Kept


def numbered(*numbers: int) -> dict[int, str]:
    return {number: f"no. {number}" for number in numbers}


def test_without_a_lease_nothing_is_kept() -> None:
    kept: Kept[int, str] = Kept()

    kept.keep(numbered(1))

    assert kept.under(None) == {}


def test_another_lease_starts_with_nothing() -> None:
    kept: Kept[int, str] = Kept()
    kept.under(1)
    kept.keep(numbered(1))

    assert (len(kept.under(1)), len(kept.under(2)), len(kept.under(1))) == (1, 0, 0)


def test_the_oldest_make_room() -> None:
    kept: Kept[int, str] = Kept()
    kept.under(1)

    kept.keep(numbered(*range(1_000)))
    kept.keep(numbered(0))
    kept.keep(numbered(1_000, 1_001))

    assert set(range(1_002)) - kept.under(1).keys() == {1, 2}


def test_what_is_kept_again_is_the_newest_of_all() -> None:
    kept: Kept[int, str] = Kept()
    kept.under(1)
    kept.keep(numbered(1, 2))

    kept.keep({1: "changed"})

    assert list(kept.under(1).items()) == [(2, "no. 2"), (1, "changed")]


def test_what_was_forgotten_is_not_kept() -> None:
    kept: Kept[int, str] = Kept()
    kept.under(1)
    kept.keep(numbered(1))

    kept.forget()

    assert kept.under(1) == {}
