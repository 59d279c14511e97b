"""Commands of every authority beside those of every service."""

from chassis.app import Argument, Command, open_database
from protocol.deployment import Deployment

from authority.config import AuthorityConfig, FileKeysConfig
from authority.key_store import make_missing, opened
from authority.start import require_pinned
from authority.use_cases import roots


async def _keys(config: AuthorityConfig, search_epochs: list[int]) -> str:
    make_missing(config.keys)
    with opened(config.host, config.keys) as keys:
        return keys.public(search_epochs).model_dump_json(indent=2, exclude_none=True)


async def _roots(config: AuthorityConfig) -> str:
    later = config.keys.share_root_files if isinstance(config.keys, FileKeysConfig) else config.keys.share_root_labels
    db = await open_database(config)
    try:
        counted = await roots.count(db)
    finally:
        await db.close()
    newest = max(later, default=1)
    return "\n".join(
        f"{config.host}: root {generation}: {counted.get(generation, 0)} salts"
        + (", newest" if generation == newest else "")
        + ("" if generation == 1 or generation in later else ", not configured")
        + (", unused" if 1 < generation < newest and generation not in counted else "")
        for generation in sorted({1, *later, *counted})
    )


async def _check(config: AuthorityConfig) -> None:
    with opened(config.host, config.keys) as keys:
        require_pinned(keys, Deployment.load(config.deployment_file), config)


_EPOCHS = Argument(
    "--search-epochs", {"type": int, "nargs": "+", "default": [1], "metavar": "EPOCH", "help": "as deployment.json has them"}
)
COMMANDS = (
    Command("keys", "make the keys that are missing and print the public ones, which deployment.json pins", _keys, (_EPOCHS,)),
    Command("roots", "say how many salts each generation of roots still has", _roots),
)
CHECKS = (_check,)
