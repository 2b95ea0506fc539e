"""What a number means, as sentences with their captions: the same wherever it is shown."""

from collections.abc import Iterable, Iterator

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


def _sentences(texts: Iterable[str]) -> str:
    return " ".join(f"{x.strip().rstrip('.')}." for x in texts if x.strip())
