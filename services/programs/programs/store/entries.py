"""Rows of ``entry``: who takes part in a contest."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from mailboxes.readers import Token
from sqlalchemy.dialects.postgresql import BYTEA, insert

from programs.store.tables import entry, held_day, unit_member

_token, _contest = (sa.bindparam(name, type_=BYTEA) for name in ("token", "contest"))
_day = sa.bindparam("day", type_=sa.Date)
_SAID = ("team", "captain", "nickname", "since", "until", "excused")
_SET = {name: sa.bindparam(name, type_=entry.c[name].type) for name in _SAID}
_PUT = statement(
    insert(entry)
    .values(token=_token, contest=_contest, steps=0, days=0, **_SET)
    .on_conflict_do_update(index_elements=[entry.c.token, entry.c.contest], set_=_SET)
)
_COLUMNS = (entry.c.contest, *(entry.c[name] for name in _SAID), entry.c.steps)
_FIND = statement(sa.select(*_COLUMNS).where(entry.c.token == _token, entry.c.contest == _contest))
_OF_TOKEN = statement(sa.select(*_COLUMNS).where(entry.c.token == _token).order_by(entry.c.contest))
_HELD = statement(
    sa.select(held_day.c.contest, held_day.c.day)
    .where(held_day.c.token == _token, held_day.c.accepted.is_not(True))
    .order_by(held_day.c.contest, held_day.c.day)
)
_unit_now = (
    sa.select(unit_member.c.unit)
    .where(unit_member.c.token == entry.c.token, unit_member.c.since <= _day)
    .order_by(unit_member.c.since.desc())
    .limit(1)
    .scalar_subquery()
)
_NICKNAMES = statement(
    sa.select(entry.c.nickname)
    .where(
        entry.c.contest == _contest,
        entry.c.nickname.is_not(None),
        entry.c.until.is_(None),
        entry.c.excused.is_(False),
        sa.func.coalesce(entry.c.team, _unit_now) == sa.bindparam("team", type_=BYTEA),
    )
    .order_by(entry.c.nickname)
    .limit(sa.bindparam("most", type_=sa.Integer))
)


@dataclass(frozen=True)
class Entry:
    """How a member takes part."""

    contest: bytes
    team: bytes | None
    captain: bool
    nickname: str | None
    since: date
    until: date | None
    excused: bool
    steps: int = 0

    @property
    def stands(self) -> bool:
        """Whether the member takes part now."""
        return self.until is None and not self.excused


async def put(tx: Transaction, token: Token, said: Entry) -> None:
    """Store how a member takes part from now on; what was counted so far stays."""
    await _PUT.execute(tx, token=token, contest=said.contest, **{name: getattr(said, name) for name in _SAID})


async def find(tx: Transaction, token: Token, contest: bytes) -> Entry | None:
    """Return how a member takes part in a contest."""
    row = await _FIND.one_or_none(tx, token=token, contest=contest)
    return None if row is None else _entry(row)


async def of_token(tx: Transaction, token: Token) -> list[Entry]:
    """Return how a member takes part in contests."""
    return [_entry(row) for row in await _OF_TOKEN.all(tx, token=token)]


async def held(tx: Transaction, token: Token) -> dict[bytes, list[date]]:
    """Return the member's days that do not count, by contest."""
    found: dict[bytes, list[date]] = {}
    for row in await _HELD.all(tx, token=token):
        found.setdefault(row["contest"], []).append(row["day"])
    return found


async def nicknames(tx: Transaction, contest: bytes, team: bytes, day: date, most: int) -> tuple[str, ...]:
    """Return the nicknames in a team, of those who chose to be seen."""
    rows = await _NICKNAMES.all(tx, contest=contest, team=team, day=day, most=most)
    return tuple(row["nickname"] for row in rows)


def _entry(row: Record) -> Entry:
    return Entry(**dict(row))
