"""What the org allows: the limits resource, record counts, and the header on every answer."""

from syncd.sandbox.salesforce.call import Call
from syncd.sandbox.salesforce.sessions import ApiUsage
from syncd.sandbox.server import Response


def limits(call: Call) -> Response:
    usage = call.org.usage
    rest = max(0, usage.limit - usage.used())
    body = {
        "DailyApiRequests": {"Max": usage.limit, "Remaining": rest},
        "DailyBulkApiBatches": {"Max": 15_000, "Remaining": 15_000},
        "DailyBulkV2QueryJobs": {"Max": 10_000, "Remaining": 10_000},
        "DailyBulkV2QueryFileStorageMB": {"Max": 976_562, "Remaining": 976_562},
    }
    return Response(body=body)


def record_count(call: Call) -> Response:
    names = [name for name in call.request.param("sObjects").split(",") if name]
    tables = [call.org.store.table(name) for name in names] or call.org.store.tables()
    return Response(
        body={"sObjects": [{"count": len(table), "name": table.kind.name} for table in tables]}
    )


def limit_info(usage: ApiUsage) -> str:
    return f"api-usage={usage.used()}/{usage.limit}; api-bursts=1/750"
