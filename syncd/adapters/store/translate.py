"""Turn what the database driver raises into the errors of `syncd.errors`.

Parameters are never shown: they hold what people's records hold.
"""

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from syncd.errors import ConflictError, PermanentError, StoreError, SyncdError

_NEXT_STEPS = {
    "locked": "another process holds it for long: is a second syncd or a backup running?",
    "readonly": "it can only be read here: run as syncd's own user, on a writable disk",
    "full": "the disk is full: make room, syncd goes on by itself",
    "malformed": "the file is damaged: stop syncd and restore a backup",
    "not a database": "the file is no store: check the path",
    "lock timeout": "another process holds it for long: is a second syncd at work?",
    "read-only transaction": "it can only be read here: name the primary server, not a standby",
    "no space left": "the server's disk is full: make room, syncd goes on by itself",
    "authentication failed": "set SYNCD_STORE_PASSWORD, and check the user in store.url",
    "no password supplied": "set SYNCD_STORE_PASSWORD",
    "does not exist": "check store.url; docs/POSTGRESQL.md tells how the database is made",
    "permission denied": "the role in store.url must own the database (docs/POSTGRESQL.md)",
    "too many": "the server takes no more connections: syncd needs four",
    "connection slots": "the server takes no more connections: syncd needs four",
    "connection to server": "is the server running, and is store.url right?",
    "terminating connection": "the server ended the session; syncd connects again by itself",
    "server closed": "the server went away; syncd connects again by itself",
    "append-only": "the audit is append-only: run `syncd audit verify`",
}


def translated(error: DBAPIError) -> SyncdError:
    """What the caller should do about it: a broken constraint means somebody else was
    first, a text no database takes is its record's own fault, all else that the store cannot
    be used."""
    if isinstance(error, IntegrityError):
        return ConflictError(f"the store refuses a contradiction: {_first_line(error)}")
    if isinstance(error, DataError):
        return PermanentError("the store cannot hold such a text (a NUL, half a character)")
    said = _first_line(error)
    step = next((step for sign, step in _NEXT_STEPS.items() if sign in said.lower()), "see the log")
    return StoreError(f"the store cannot be used: {said}: {step}")


def _first_line(error: DBAPIError) -> str:
    """PostgreSQL puts the values of a broken key in the second line."""
    return (str(error.orig).splitlines() or [type(error.orig).__name__])[0][:200]
