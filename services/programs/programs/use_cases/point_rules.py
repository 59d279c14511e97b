"""Rules are written in versions, and read by everybody."""

from datetime import date

from chassis.database import Database
from protocol.messages.point_rules import Rules, RuleVersion

from programs.point_errors import RuleDiffers
from programs.store import point_rules


async def put_rule(db: Database, version: RuleVersion, today: date) -> tuple[RuleVersion, bool]:
    """Write the next version of a rule, and say whether it is new; the newest one again changes nothing."""
    async with db.transaction("put-point-rule") as tx:
        await tx.lock("point-rules")
        newest = (await point_rules.newest(tx)).get(version.id)
        if newest == version:
            return version, False
        known = 0 if newest is None else newest.version
        if version.version != known + 1:
            raise RuleDiffers(version=known)
        await point_rules.put(tx, version, today)
    return version, True


async def read_rules(db: Database) -> Rules:
    """Return the newest version of every rule."""
    async with db.statements("read-point-rules") as tx:
        return Rules(rules=tuple((await point_rules.newest(tx)).values()))
