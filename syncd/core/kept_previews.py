"""Which previews make room for a newer one. Nothing is dropped here."""

from collections.abc import Iterable, Iterator

KEEP_PREVIEWS = 20
KEEP_CHARACTERS = 50_000_000
"""Of all together, as they are stored. A hundred thousand effects are 18.6 million."""


def outgrown(sizes: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Of checksums and sizes, the newest first, those that are kept no longer. The newest always
    is, whatever its size: it is the one that somebody is about to apply."""
    total = 0
    for number, (checksum, size) in enumerate(sizes, start=1):
        total += size
        if number > 1 and (number > KEEP_PREVIEWS or total > KEEP_CHARACTERS):
            yield checksum
