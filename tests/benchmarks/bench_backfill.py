"""A backfill: what it costs this process, and how near it comes to what the sandbox can serve.

`figures` is for `__main__`; the two runs are each meant for a process of their own.
"""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import orjson
import requests
from bench_figures import Figure
from bench_memory import peak_megabytes
from bench_outside import Address, join_outside
from bench_rig import Rig, rig

from syncd.domain.names import System

MOST_MEGABYTES = 300
ROWS = 2_000
_EARLIER = timedelta(hours=1)
_API = "/services/data/v59.0"

Peopled = Callable[[int], AbstractContextManager[tuple[Address, Path]]]
Alone = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Records of both CRMs read to the end; seconds."""

    records: int
    wall: float
    cpu: float
    megabytes: float


def figures(sizes: tuple[int, ...], peopled: Peopled, alone: Alone) -> Iterator[Figure]:
    """For so many people in each CRM, the fewest first; `peopled` and `alone` as in `__main__`."""
    peaks: dict[int, float] = {}
    for size in sizes:
        with peopled(size) as (address, home):
            bare: Run = alone(bare_run, address, home)
        with peopled(size) as (address, home):
            full: Run = alone(full_run, address, home)
        peaks[size] = full.megabytes
        yield from _figures(size, full, bare)
    fewest, most = min(sizes), max(sizes)
    name = f"peak memory, that of {fewest:,} + {fewest:,} being 1"
    group = f"Backfill of {most:,} + {most:,}"
    yield Figure(group=group, name=name, value=peaks[most] / peaks[fewest], most=1.1)


def _figures(size: int, full: Run, bare: Run) -> Iterator[Figure]:
    figure = partial(Figure, group=f"Backfill of {size:,} + {size:,}")
    yield figure(name="records a second", value=full.records / full.wall)
    yield figure(name="  of what a bare reader gets", value=bare.wall / full.wall * 100, unit="%")
    yield figure(name="CPU per record", value=full.cpu / full.records * 1e3, unit="ms")
    most = MOST_MEGABYTES
    yield figure(name="peak memory", value=full.megabytes, unit="MB", most=most)


def full_run(address: Address, home: Path) -> Run:
    with _daemon(address, home) as daemon:
        return _measured(lambda: _backfilled(daemon))


def bare_run(address: Address, home: Path) -> Run:
    """The same pages over the same HTTP, parsed and thrown away."""
    with _daemon(address, home) as daemon:
        crm, urls = daemon.worker.settings.crm, daemon.worker.settings.connections
        token = daemon.outside.secrets()["SYNCD_HUBSPOT_TOKEN"]
        lists = {x: crm.properties(x) for x in System}
        with requests.Session() as session:
            session.trust_env = False
            return _measured(
                lambda: (
                    _bulk(session, urls.salesforce.base_url or "", lists[System.SALESFORCE])
                    + _listing(session, urls.hubspot.base_url, lists[System.HUBSPOT], token)
                )
            )


def _daemon(address: Address, home: Path) -> AbstractContextManager[Rig]:
    """Started well after everybody was made: who is made later is left to its cycles."""
    outside = join_outside(address)
    outside.advance(_EARLIER)
    return rig(outside, home)


def _measured(work: Callable[[], int]) -> Run:
    cpu, wall = process_time(), perf_counter()
    records = work()
    cpu, wall = process_time() - cpu, perf_counter() - wall
    return Run(records=records, wall=wall, cpu=cpu, megabytes=peak_megabytes())


def _backfilled(daemon: Rig) -> int:
    daemon.worker.backfill(lambda _: None)
    return sum(mark.seen for mark in daemon.worker.store.scans().values())


def _bulk(session: requests.Session, url: str, columns: tuple[str, ...]) -> int:
    form = {"grant_type": "client_credentials"}
    login = session.post(f"{url}/services/oauth2/token", form, auth=("bench", "bench"))
    head = {"Authorization": f"Bearer {login.json()['access_token']}"}
    names = dict.fromkeys(("Id", "CreatedDate", "SystemModstamp", *columns))
    asked = {"operation": "query", "query": f"SELECT {', '.join(names)} FROM Lead"}
    job = session.post(f"{url}{_API}/jobs/query", json=asked, headers=head).json()
    job_url = f"{url}{_API}/jobs/query/{job['id']}"
    while session.get(job_url, headers=head).json()["state"] != "JobComplete":
        pass
    count, locator = 0, ""
    while locator != "null":
        query = {"maxRecords": str(ROWS), "locator": locator}
        page = session.get(f"{job_url}/results", params=query, headers=head)
        count += sum(1 for _ in csv.reader(io.StringIO(page.content.decode()))) - 1
        locator = page.headers["Sforce-Locator"]
    return count


def _listing(session: requests.Session, url: str, names: tuple[str, ...], token: str) -> int:
    head = {"Authorization": f"Bearer {token}"}
    query, count = {"limit": "100", "properties": ",".join(names)}, 0
    while True:
        page = session.get(f"{url}/crm/v3/objects/contacts", params=query, headers=head)
        body = orjson.loads(page.content)
        count += len(body["results"])
        if "paging" not in body:
            return count
        query["after"] = body["paging"]["next"]["after"]
