"""The error tree, named by what the caller should do.

Every error that crosses a port is one of these. Vendor exceptions end in each
adapter's `translate.py` and are raised `from` the original. Messages never hold
a record's values: bodies are cut short where they are translated.
"""

from datetime import timedelta


class SyncdError(Exception):
    """Expected trouble: says what, where and the next step. The CLI exits 1."""


class TransientError(SyncdError):
    """Try again later; `retry_after` is the vendor's own wish, when it gave one."""

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class LostAnswer(TransientError):
    """Nobody knows whether it happened: no answer came. Try again only what may happen twice,
    or look first."""


class LimitError(TransientError):
    """An allowance is used up (daily calls): stop asking this vendor until it resets."""


class PermanentError(SyncdError):
    """The same request will never work: give it up and tell a person."""


class ConflictError(SyncdError):
    """Somebody else was faster, or the thing already exists: decide anew."""


class AuthError(SyncdError):
    """Credentials are missing, wrong, revoked, lack a scope or an invitation: a person must
    act, then the same request works."""


class ConfigError(SyncdError):
    """The configuration does not validate; `problems` are complete, one line each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class LeaseLost(SyncdError):
    """Another worker holds the lease now: write nothing more."""


class WrongAccount(SyncdError):
    """Another org or portal answers than the one this store is of: touch nothing."""


class StoreError(SyncdError):
    """The store cannot be used (locked, read-only, newer schema, damaged)."""
