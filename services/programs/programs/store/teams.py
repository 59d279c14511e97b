"""Rows of ``team``: units of the roster, and teams that members formed."""

from collections.abc import Sequence

import sqlalchemy as sa
from chassis.database import Transaction, statement
from mailboxes.store.given import given
from protocol.messages.contests import UnitName, UnitSize
from sqlalchemy.dialects.postgresql import BYTEA, insert

from programs.store.tables import entry, team, unit_member

_contest, _code, _team = (sa.bindparam(name, type_=BYTEA) for name in ("contest", "code", "team"))
_given = given(team.c.id, team.c.name)
_NAME = statement(sa.update(team).where(team.c.id == _given.c.id, team.c.contest.is_(None)).values(name=_given.c.name))
_SIZES = statement(
    sa.text(
        """
        SELECT team.id, team.name, count(*) AS members
        FROM (
            SELECT DISTINCT ON (token) token, unit FROM unit_member WHERE since <= :day ORDER BY token, since DESC
        ) AS present JOIN team ON team.id = present.unit
        GROUP BY team.id, team.name ORDER BY team.name, team.id
        """
    ).bindparams(sa.bindparam("day", type_=sa.Date))
)
_FORM = statement(
    insert(team).values(id=_team, contest=_contest, name=sa.bindparam("name", type_=sa.Text), code=_code).on_conflict_do_nothing()
)
_BY_CODE = statement(sa.select(team.c.id).where(team.c.contest == _contest, team.c.code == _code))
_MEMBERS = statement(
    sa.select(sa.func.count()).select_from(entry).where(entry.c.contest == _contest, entry.c.team == _team, entry.c.until.is_(None))
)
_UNIT = statement(
    sa.select(unit_member.c.unit)
    .where(unit_member.c.token == sa.bindparam("token", type_=BYTEA), unit_member.c.since <= sa.bindparam("day", type_=sa.Date))
    .order_by(unit_member.c.since.desc())
    .limit(1)
)


async def name(tx: Transaction, units: Sequence[UnitName]) -> int:
    """Call roster units by these names, and return how many there are."""
    return await _NAME.execute(tx, id=[one.unit for one in units], name=[one.name for one in units])


async def sizes(tx: Transaction, day: object) -> tuple[UnitSize, ...]:
    """Return the units of the roster that holds on a day."""
    rows = await _SIZES.all(tx, day=day)
    return tuple(UnitSize.model_construct(unit=row["id"], name=row["name"], members=row["members"]) for row in rows)


async def form(tx: Transaction, team_id: bytes, contest: bytes, called: str, code: bytes) -> bool:
    """Form a free team; False when its code is another team's."""
    return await _FORM.execute(tx, team=team_id, contest=contest, name=called, code=code) == 1


async def by_code(tx: Transaction, contest: bytes, code: bytes) -> bytes | None:
    """Return the free team whose invitation code has this hash."""
    found: bytes | None = await _BY_CODE.scalar(tx, contest=contest, code=code)
    return found


async def members(tx: Transaction, contest: bytes, team_id: bytes) -> int:
    """Return how many take part in a free team."""
    count: int = await _MEMBERS.scalar(tx, contest=contest, team=team_id)
    return count


async def unit_of(tx: Transaction, token: bytes, day: object) -> bytes | None:
    """Return the roster unit of a member on a day."""
    found: bytes | None = await _UNIT.scalar(tx, token=token, day=day)
    return found
