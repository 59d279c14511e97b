"""``python -m programs recount``: the night's proof, now; ``recount-nights`` says what the last nights found."""

from chassis.app import Argument, Command, open_database
from chassis.config import ConfigError, ServiceConfig

from programs.use_cases.recount import read_nights, recount_contests


async def _recount(config: ServiceConfig, *, repair: bool = False) -> str:
    db = await open_database(config)
    try:
        found = await recount_contests(db, repair=repair)
    finally:
        await db.close()
    if found.agrees:
        return str(found)
    raise ConfigError(f"{found}, and {'were put right' if repair else 'stay as they are'}")


async def _nights(config: ServiceConfig) -> str:
    db = await open_database(config)
    try:
        nights = await read_nights(db)
    finally:
        await db.close()
    said = "\n".join(f"{day}: {found}" for day, found in nights)
    if not all(found.agrees for _, found in nights):
        raise ConfigError(said)
    return said or "no night has been recounted yet"


RECOUNT = Command(
    "recount",
    "count every running contest anew and compare",
    _recount,
    [Argument("--repair", {"action": "store_true", "help": "put right what differs, and say so"})],
)
NIGHTS = Command("recount-nights", "say what the recounts of the last nights found", _nights)
