"""A FHIR search against this host's own record page: the same rows, written in the words of the standard, by pages."""

from collections.abc import Awaitable, Callable

from bench.case import Case
from bench.figure import Figure, compared
from bench.harness import Bench
from bench.load import Measured
from bench.readers import HOST, claimed
from bench.rounds import alternate

SEARCHES = {
    "FHIR search (a page of 100, the newest first)": "/fhir/Observation",
    "FHIR search (one code)": "/fhir/Observation?code=29463-7&_sort=date",
}
NATIVE = "/me/checkups"
TARGET = 0.5


async def run(bench: Bench) -> list[Figure]:
    """Measure each search beside the page in the same rounds."""
    origin = (await bench.deployment()).origins["anon-data"]
    side, count = await bench.ours(HOST), bench.scale.requests
    figures: list[Figure] = []
    async with claimed(bench) as members:

        def turn(path: str) -> Callable[[int], Awaitable[Measured]]:
            async def measured(_round: int) -> Measured:
                requests = [members[at % len(members)].request(origin, "GET", path) for at in range(count)]
                return await bench.load(side, requests)

            return measured

        for name, path in SEARCHES.items():
            ours, native = await alternate(bench.scale.rounds, turn(path), turn(NATIVE))
            figures += [
                compared(name, "requests/s", [one.rate for one in ours], [one.rate for one in native], target=TARGET),
                compared(f"{name}: CPU", "ms/request", [one.cpu_ms for one in ours], [one.cpu_ms for one in native], better="less"),
            ]
    return figures


CASE = Case("fhir-search", "a member searches their record in FHIR, and reads it as our own page", run)
