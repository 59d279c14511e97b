"""The best members of roster units: each unit has what was walked for it, also by who moved."""

from datetime import timedelta

from protocol.encoding import b64u
from support.store_host import StoreHost

from .walking import SALES, TODAY, WORKS, contest, enter, managed, people, published, put_roster, ranking, walk

TOP = 3


def _best(steps: list[int]) -> int:
    return sum(sorted(steps)[-TOP:])


async def test_the_best_of_a_unit(host: StoreHost) -> None:
    """Whoever moves takes nothing along; the best members count, whatever the fold has done."""
    one = contest(score="top", top=TOP)
    await managed(host, one)
    sales, works = await people(host, 12), await people(host, 12)
    mover = sales[0]
    await put_roster(host, {SALES: sales, WORKS: works}, one.first)
    for at, member in enumerate([*sales, *works]):
        await enter(host, member, one)
        await walk(host, member, (1, 1000 + 100 * at, 1))
    await walk(host, mover, (1, 20_000, 2))
    await put_roster(host, {SALES: sales[1:], WORKS: [mover, *works]}, TODAY)
    await walk(host, mover, (0, 30_000, 3))
    await published(host)
    first = await ranking(host, mover, one)
    await host.seal()
    await walk(host, sales[1], (2, 5000, 2))
    await published(host)
    second = await ranking(host, mover, one)
    stayed = [1000 + 100 * at for at in range(1, 12)]
    there = [1000 + 100 * at for at in range(12, 24)]
    expected = {b64u(SALES): _best([20_000, *stayed]), b64u(WORKS): _best([30_000, *there])}
    later = {**expected, b64u(SALES): _best([20_000, stayed[0] + 5000, *stayed[1:]])}

    assert {row["team"]: row["score"] for row in first["rows"]} == expected
    assert {row["team"]: row["score"] for row in second["rows"]} == later
    assert one.first < TODAY - timedelta(days=1)
