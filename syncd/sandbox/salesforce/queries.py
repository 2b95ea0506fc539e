"""query, queryAll and the pages after the first."""

import re
from typing import Any

from syncd.sandbox.salesforce.call import Call
from syncd.sandbox.salesforce.cursors import SMALLEST_PAGE
from syncd.sandbox.salesforce.soql.run import Result, run
from syncd.sandbox.server import Response

_BATCH = re.compile(r"batchSize\s*=\s*(\d+)", re.IGNORECASE)


def query(call: Call, *, with_deleted: bool = False) -> Response:
    result = run(call.org.store, call.request.param("q"), with_deleted=with_deleted)
    size = _page_size(call, result)
    locator = call.site.cursors.open(result, size) if len(result.rows) > size else ""
    return Response(body=_page(call, result, locator=locator, start=0, size=size))


def query_more(call: Call, place: str) -> Response:
    """`place` is the locator and the first row of the page: 0r8…-2000."""
    locator, _, start = place.partition("-")
    size, result = call.site.cursors.fetch(locator)
    first = int(start) if start.isdigit() else 0
    return Response(body=_page(call, result, locator=locator, start=first, size=size))


def _page(call: Call, result: Result, *, locator: str, start: int, size: int) -> dict[str, Any]:
    end = start + size
    done = end >= len(result.rows)
    page: dict[str, Any] = {"totalSize": result.total, "done": done}
    if not done:
        page["nextRecordsUrl"] = f"/services/data/{call.version}/query/{locator}-{end}"
    page["records"] = [result.show(row, call.version) for row in result.rows[start:end]]
    return page


def _page_size(call: Call, result: Result) -> int:
    largest = SMALLEST_PAGE if result.heavy else call.site.cursors.page_size
    asked = _BATCH.search(call.request.headers.get("sforce-query-options", ""))
    if asked is None:
        return largest
    return min(largest, max(SMALLEST_PAGE, int(asked.group(1))))
