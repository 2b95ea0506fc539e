"""Refreshing the org from its production, as an administrator may: everything in it is there
again, but the org itself and every record have a new id, and nobody is logged in any more.
"""

from typing import Any

from syncd.sandbox.salesforce.org import Org


def refresh_org(org: Org) -> None:
    """Actors from before are no users of the new org."""
    org.store.settle()
    tables = org.store.tables()
    new = {row["Id"]: org.mint.next(t.kind.prefix) for t in tables for row in t.rows()}

    def renamed(value: Any) -> Any:
        return new.get(value, value) if isinstance(value, str) else value

    for table in tables:
        rows = list(table.rows())
        for row in rows:
            table.drop(row["Id"])
        for row in rows:
            table.put({name: renamed(value) for name, value in row.items()})
    org.rename(new)
    org.sessions.expire_all()
