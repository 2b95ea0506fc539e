"""Turn what the database driver raises into the errors of `syncd.errors`.

Parameters are never shown: they hold what people's records hold.
"""

from sqlalchemy.exc import DBAPIError, IntegrityError

from syncd.errors import ConflictError, StoreError, SyncdError

_NEXT_STEPS = {
    "locked": "another process holds it for long: is a second syncd or a backup running?",
    "readonly": "it can only be read here: run as syncd's own user, on a writable disk",
    "full": "the disk is full: make room, syncd goes on by itself",
    "malformed": "the file is damaged: stop syncd and restore a backup",
    "not a database": "the file is no store: check the path",
    "append-only": "the audit is append-only: run `syncd audit verify`",
}


def translated(error: DBAPIError) -> SyncdError:
    """What the caller should do about it: a broken constraint means somebody else was
    first, all else that the store cannot be used."""
    if isinstance(error, IntegrityError):
        return ConflictError(f"the store refuses a contradiction: {_first_line(error)}")
    said = _first_line(error)
    step = next((step for sign, step in _NEXT_STEPS.items() if sign in said.lower()), "see the log")
    return StoreError(f"the store cannot be used: {said}: {step}")


def _first_line(error: DBAPIError) -> str:
    """PostgreSQL puts the values of a broken key in the second line."""
    return (str(error.orig).splitlines() or [type(error.orig).__name__])[0][:200]
