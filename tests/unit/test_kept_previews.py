"""Old previews make room: by number and by size."""

from syncd.core.kept_previews import KEEP_CHARACTERS, KEEP_PREVIEWS, outgrown


def test_the_last_ones_are_kept_while_they_are_small() -> None:
    sizes = [(str(number), 1) for number in range(KEEP_PREVIEWS + 2)]

    assert list(outgrown(sizes)) == [str(KEEP_PREVIEWS), str(KEEP_PREVIEWS + 1)]


def test_what_is_too_large_together_goes_from_the_oldest_on() -> None:
    sizes = [("new", KEEP_CHARACTERS - 1), ("fits", 1), ("old", 1)]

    assert list(outgrown(sizes)) == ["old"]


def test_the_newest_is_kept_whatever_its_size() -> None:
    assert list(outgrown([("new", KEEP_CHARACTERS + 1), ("old", 1)])) == ["old"]
