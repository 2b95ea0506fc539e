"""Each value once: from here on a lead's document leaves out what it would repeat.

No table changes, and documents written before are read as they are (`lead_document`). But
a syncd that knows only schema 0002 could not read the new ones: it must refuse the store.
"""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Documents are written anew whenever their lead is saved."""
