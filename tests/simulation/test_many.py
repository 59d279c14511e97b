"""The store's form of the four weeks, with few members: what the service counted, sealed and published is what adding up gives."""

from support.postgres import DatabaseUrls

from simulation.many import walk


async def test_many(database_urls: DatabaseUrls) -> None:
    """Totals written anew after a seal, two devices, movers, leavers, cheaters, small units: all is what adding up gives."""
    found = await walk(database_urls, members=1_000, units=70)

    assert (found.agrees, {league for league, _, _ in found.expected.values()}) == (True, {0, 1})
    assert found.published == found.expected
    assert (found.paid, set(found.due.values())) == (found.due, {100, 300})
