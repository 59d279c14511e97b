"""Generations of roots: each salt names the one that its share is derived with, and no other root takes its place."""

from chassis.config import ConfigError
from chassis.database import Database
from protocol.authority_keys import FIRST_GENERATION, AuthorityKeys

from authority.store import roots as store


async def settle(db: Database, keys: AuthorityKeys) -> None:
    """Remember every later root, and raise ConfigError where one is missing that salts name, or another stands in its place."""
    # The first root is known by the public keys that follow from it.
    later = {generation: keys.root_check(generation) for generation in keys.generations if generation != FIRST_GENERATION}
    async with db.transaction("settle-roots") as tx:
        await store.remember(tx, later)
        known = await store.remembered(tx)
        counted = await store.count_salts(tx)
        # Raised in here, so that a start that is refused leaves nothing to be remembered.
        for generation, check in later.items():
            if known[generation] != check:
                raise ConfigError(f"key `keys`: root {generation} is another one than this host had before")
        for generation in sorted(counted.keys() - set(keys.generations)):
            raise ConfigError(f"key `keys`: {counted[generation]} salts are for root {generation}, which is not configured")


async def count(db: Database) -> dict[int, int]:
    """Return how many salts each generation has."""
    async with db.transaction("count-roots", readonly=True) as tx:
        return await store.count_salts(tx)
