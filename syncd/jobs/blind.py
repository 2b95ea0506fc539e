"""A CRM that cannot be read: told apart from everything else that can go wrong.

One CRM being down never stops the other's reading.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from syncd.domain.names import System
from syncd.errors import AuthError, PermanentError, SyncdError, TransientError


class SideDown(SyncdError):
    """This CRM did not answer as it should; what was read of the other one still counts."""

    def __init__(self, system: System, cause: SyncdError) -> None:
        super().__init__(str(cause))
        self.system = system


@contextmanager
def asking(system: System) -> Iterator[None]:
    """Names the CRM in whatever goes wrong while asking it."""
    try:
        yield
    except (TransientError, AuthError, PermanentError) as error:
        raise SideDown(system, error) from error
