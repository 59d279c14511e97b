"""``python -m programs notice-key``, ``notices`` and ``tell-again``: how suppliers are told of orders."""

from chassis.app import open_database
from chassis.clock import SystemClock
from chassis.config import ConfigError
from chassis.service import Argument, Command
from protocol.notices import written

from programs.config import ProgramsConfig
from programs.notices import notice_key
from programs.use_cases.order_notices import count_notices, tell_again


async def _key(config: ProgramsConfig) -> str:
    if config.notices is None:
        raise ConfigError("this host tells suppliers nothing: its configuration has no table `notices`")
    return written(notice_key(config.notices).public_bytes)


async def _count(config: ProgramsConfig) -> str:
    db = await open_database(config)
    try:
        found = await count_notices(db)
    finally:
        await db.close()
    return "\n".join(f"{supplier}: {waiting} waiting, {dead} given up" for supplier, waiting, dead in found) or "none"


async def _again(config: ProgramsConfig, *, supplier: str) -> str:
    db = await open_database(config)
    try:
        found = await tell_again(db, supplier, SystemClock().now().date())
    finally:
        await db.close()
    return f"{supplier} is told of {found} changes again"


COMMANDS = (
    Command("notice-key", "print the public key by which suppliers check what they are told", _key),
    Command("notices", "count by supplier what is still to be told, and what was given up", _count),
    Command(
        "tell-again",
        "tell a supplier of what was given up, and of every open order",
        _again,
        [Argument("supplier", {"help": "id of the supplier"})],
    ),
)
