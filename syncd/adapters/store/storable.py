"""Text as every database takes it in a column of its own.

Documents are JSON, which can say what a column cannot: a NUL, half a surrogate pair. Vendors do
send such, and one broken name must never keep a whole batch from being stored.
"""


def storable(text: str) -> str:
    """With a mark in the place of what cannot be stored."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "replace").decode().replace("\0", "?")
