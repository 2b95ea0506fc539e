"""getUpdated and getDeleted: which records of an object changed, or went, within a span.

`latestDateCovered` is the official signal of late commits: while a transaction
is open it stays at the instant that transaction wrote.
"""

from datetime import datetime, timedelta

from syncd.sandbox.salesforce.call import Call
from syncd.sandbox.salesforce.errors import Problem, Refused
from syncd.sandbox.salesforce.stamps import parse_instant, read_stamp, stamp
from syncd.sandbox.server import Response

UPDATED_REACH = timedelta(days=30)
DELETED_REACH = timedelta(days=15)
_MINUTE = timedelta(minutes=1)

Span = tuple[str, str]  # inclusive, as stamps


def updated(call: Call, object_name: str) -> Response:
    first, last = _span(call, UPDATED_REACH)
    call.org.store.settle()
    table = call.org.store.table(object_name)
    ids = [
        row["Id"]
        for row in table.since(first)
        if row[table.kind.cursor] <= last and not row["IsDeleted"]
    ]
    return Response(body={"ids": ids, "latestDateCovered": _covered(call, last)})


def deleted(call: Call, object_name: str) -> Response:
    """Records in the recycle bin, and those that were emptied from it."""
    first, last = _span(call, DELETED_REACH)
    call.org.store.settle()
    table = call.org.store.table(object_name)
    binned = [(row["SystemModstamp"], row["Id"]) for row in table.rows() if row["IsDeleted"]]
    emptied = [
        (gone.deleted_at, gone.id) for gone in call.org.purged if gone.object == table.kind.name
    ]
    found = sorted(each for each in (*binned, *emptied) if first <= each[0] <= last)
    return Response(
        body={
            "deletedRecords": [{"id": gone, "deletedDate": when} for when, gone in found],
            "earliestDateAvailable": stamp(_minute(call.org.clock.now() - DELETED_REACH)),
            "latestDateCovered": _covered(call, last),
        }
    )


def _span(call: Call, reach: timedelta) -> Span:
    """Seconds are ignored. Raises Refused INVALID_REPLICATION_DATE."""
    start, end = (_instant(call, name) for name in ("start", "end"))
    if end - start <= _MINUTE:
        raise _refused("startDate must be at least one minute greater than endDate")  # sic
    if start < _minute(call.org.clock.now() - reach):
        raise _refused("startDate before org replication enabled date")
    return stamp(start), stamp(end)


def _instant(call: Call, name: str) -> datetime:
    read = parse_instant(call.request.param(name).replace(" ", "+"))
    if read is None:
        raise _refused(f"{name} is no date and time with a zone")
    return _minute(read_stamp(read))


def _covered(call: Call, last: str) -> str:
    open_since = call.org.store.oldest_uncommitted()
    now = stamp(_minute(call.org.clock.now()))
    return min(each for each in (last, now, open_since) if each is not None)


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def _refused(message: str) -> Refused:
    return Refused(Problem(code="INVALID_REPLICATION_DATE", message=message))
