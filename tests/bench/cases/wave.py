"""The morning wave: half a million telephones are unlocked within ten minutes, everybody in one team, and sync two days each."""

from protocol.names import HostName

from bench.case import Case
from bench.cases import contests
from bench.errors import BenchError
from bench.figure import Figure, within
from bench.harness import Bench
from bench.readers import claimed

HOST: HostName = "programs"
AIM = 500_000 / 600
"""Syncs a second."""
RATES = (50, 100, 200, 400, 600, 833, 1_000, 1_200, 1_400, 1_600, 2_000)
"""Syncs a second that are tried, the lowest first; that one counts as held unless it is refused."""
PATIENCE_S = 1.0
"""Within which 99 of 100 are answered where a rate is held."""
CONNECTIONS = 48
"""Telephones that wait for an answer at the same time."""
REQUESTS_A_SECOND = 20
"""Of a round: a rate is tried for the seconds that follow."""


async def run(bench: Bench) -> list[Figure]:
    """Raise the rate until it is not held, and say the highest that was, and its 99th percentile."""
    seconds = bench.scale.requests / REQUESTS_A_SECOND
    ours = await bench.ours(HOST)
    origin = (await bench.deployment()).origins[HOST]
    held, p99_ms = 0, 0.0
    async with claimed(bench, HOST) as members, contests.taking_part(bench, members):
        for round_, rate in enumerate(RATES):
            requests = [
                members[number % len(members)].request(
                    origin, "PUT", "/me/step-days", contests.two_days(members, 2_000 + round_, number)
                )
                for number in range(max(1, round(rate * seconds)))
            ]
            try:
                measured = await bench.load_at(ours, requests, rate, CONNECTIONS)
            except BenchError as error:
                if rate == RATES[0]:
                    raise
                bench.say(f"{rate} syncs/s are not held: {error}")
                break
            bench.say(f"{rate} syncs/s: {measured.rate:.0f} answered a second, p99 {measured.p99_ms:.0f} ms")
            if held and measured.p99_ms > 1000 * PATIENCE_S:
                break
            held, p99_ms = rate, measured.p99_ms
    return [
        Figure("the morning wave: highest rate held", "syncs/s", held, AIM, held / AIM, 1.0),
        within("the morning wave: p99 at the highest rate held", [p99_ms / 1000], PATIENCE_S),
    ]


CASE = Case("wave", "how many syncs a second are held, by a clock and not as fast as answers come", run)
