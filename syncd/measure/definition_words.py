"""What a number means, as sentences with their captions: the same wherever it is shown."""

from collections.abc import Iterable, Iterator, Sequence

from syncd.measure.tables import Definition


def definition_words(one: Definition) -> Iterator[tuple[str, str]]:
    """Caption and sentence; the first has no caption. What does not apply is left out."""
    yield "", _sentences([one.says])
    parts = (
        ("Counted", [one.numerator]),
        ("Of", [one.denominator]),
        ("In the period by", [one.date]),
        ("Left out", one.leaves_out),
    )
    for caption, texts in parts:
        if words := _sentences(texts):
            yield caption, words


def common_words(definitions: Sequence[Definition]) -> tuple[tuple[str, str], ...]:
    """What holds of all of them, to be said once: none where there is but one."""
    first, *others = [tuple(definition_words(x)) for x in definitions] or [()]
    return tuple(x for x in first if others and x[0] and all(x in each for each in others))


def _sentences(texts: Iterable[str]) -> str:
    return " ".join(f"{x.strip().rstrip('.')}." for x in texts if x.strip())
