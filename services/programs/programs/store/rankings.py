"""Rows of ``ranking``, ``ranking_team`` and ``ranking_page``: what was published, as it is sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from chassis import once
from chassis.database import Transaction, statement
from mailboxes.readers import Token
from mailboxes.store.admission import Signed, admitting
from mailboxes.store.given import given
from sqlalchemy.dialects.postgresql import BYTEA, distinct_on, insert

from programs.store.tables import ranking, ranking_page, ranking_team

KEPT = 2
"""Snapshots of a contest that are kept: whoever turns the page while the next one comes still finds it."""

_contest = sa.bindparam("contest", type_=BYTEA)
_generation = sa.bindparam("generation", type_=sa.Integer)
_NEWEST = statement(
    sa.select(ranking.c.generation, ranking.c.computed_at, ranking.c.final)
    .where(ranking.c.contest == _contest)
    .order_by(ranking.c.generation.desc())
    .limit(1)
)
_EVERY_NEWEST = statement(
    sa.select(ranking.c.contest, ranking.c.generation, ranking.c.computed_at, ranking.c.final)
    .ext(distinct_on(ranking.c.contest))
    .order_by(ranking.c.contest, ranking.c.generation.desc())
)
_PUBLISH = statement(
    insert(ranking).values(
        contest=_contest,
        generation=_generation,
        computed_at=sa.bindparam("computed_at", type_=sa.BigInteger),
        final=sa.bindparam("final", type_=sa.Boolean),
    )
)
_given_teams = given(ranking_team.c.team, ranking_team.c.league, ranking_team.c.own)
_TEAMS = statement(
    insert(ranking_team).from_select(
        ["contest", "generation", "team", "league", "own"],
        sa.select(_contest, _generation, _given_teams.c.team, _given_teams.c.league, _given_teams.c.own),
    )
)
_given_pages = given(ranking_page.c.league, ranking_page.c.page, ranking_page.c.content)
_PAGES = statement(
    insert(ranking_page).from_select(
        ["contest", "generation", "league", "page", "content"],
        sa.select(_contest, _generation, _given_pages.c.league, _given_pages.c.page, _given_pages.c.content),
    )
)
_FORGET = tuple(
    statement(sa.delete(table).where(table.c.contest == _contest, table.c.generation <= sa.bindparam("last", type_=sa.Integer)))
    for table in (ranking_page, ranking_team, ranking)
)
_latest = sa.select(sa.func.max(ranking.c.generation)).where(ranking.c.contest == _contest).scalar_subquery()
_PAGE = statement(
    sa.select(ranking_page.c.content).where(
        ranking_page.c.contest == _contest,
        ranking_page.c.generation == _latest,
        ranking_page.c.league == sa.bindparam("league", type_=sa.SmallInteger),
        ranking_page.c.page == sa.bindparam("page", type_=sa.Integer),
    )
)
_OWN = """
    WITH admitted AS ({admitted}), newest AS (
        SELECT max(generation) AS generation FROM ranking WHERE contest = :contest
    ), mine AS (
        SELECT coalesce(
            (SELECT team FROM entry WHERE token = :token AND contest = :contest),
            (SELECT unit FROM unit_member WHERE token = :token AND since <= :day ORDER BY since DESC LIMIT 1)
        ) AS team
    )
    SELECT own.own, page.content AS page
    FROM admitted CROSS JOIN newest CROSS JOIN mine
    LEFT JOIN ranking_team own ON own.contest = :contest AND own.generation = newest.generation AND own.team = mine.team
    LEFT JOIN ranking_page page ON page.contest = :contest AND page.generation = newest.generation
        AND page.league = coalesce(own.league, 1) AND page.page = 0
"""
_ADMIT_AND_READ = tuple(admitting(slot, _OWN) for slot in once.SLOTS)
_READ = statement(
    sa.text(_OWN.replace("{admitted}", "SELECT true AS first")).bindparams(
        sa.bindparam("token", type_=BYTEA), _contest, sa.bindparam("day", type_=sa.Date)
    )
)


@dataclass(frozen=True)
class Snapshot:
    """Which snapshot of a contest is the newest."""

    generation: int
    computed_at: int
    """Seconds since 1970."""
    final: bool


@dataclass(frozen=True)
class Own:
    """What a member sees first, as JSON."""

    own: str | None
    """Two members of an object: the own team's row, and its participation."""
    page: str | None


@dataclass(frozen=True)
class Texts:
    """What a snapshot says, as JSON."""

    teams: list[tuple[bytes, int, str]]
    """Team, league, what its members are shown."""
    pages: list[tuple[int, int, str]]
    """League, page, rows."""


async def newest(tx: Transaction, contest: bytes) -> Snapshot | None:
    """Return the newest snapshot of a contest."""
    row = await _NEWEST.one_or_none(tx, contest=contest)
    return None if row is None else Snapshot(row["generation"], row["computed_at"], row["final"])


async def every_newest(tx: Transaction) -> Iterable[tuple[bytes, Snapshot]]:
    """Return the newest snapshot of each contest."""
    rows = await _EVERY_NEWEST.all(tx)
    return [(row["contest"], Snapshot(row["generation"], row["computed_at"], row["final"])) for row in rows]


async def publish(tx: Transaction, contest: bytes, snapshot: Snapshot, texts: Texts) -> None:
    """Store a snapshot, and forget those before the last one."""
    about = {"contest": contest, "generation": snapshot.generation}
    await _PUBLISH.execute(tx, **about, computed_at=snapshot.computed_at, final=snapshot.final)
    await _TEAMS.execute(
        tx,
        **about,
        team=[team for team, _, _ in texts.teams],
        league=[league for _, league, _ in texts.teams],
        own=[own for _, _, own in texts.teams],
    )
    await _PAGES.execute(
        tx,
        **about,
        league=[league for league, _, _ in texts.pages],
        page=[number for _, number, _ in texts.pages],
        content=[content for _, _, content in texts.pages],
    )
    for forget in _FORGET:
        await forget.execute(tx, contest=contest, last=snapshot.generation - KEPT)


async def page(tx: Transaction, contest: bytes, league: int, number: int) -> str | None:
    """Return a page of a league in the newest snapshot."""
    found: str | None = await _PAGE.scalar(tx, contest=contest, league=league, page=number)
    return found


async def admit_and_read(tx: Transaction, signed: Signed, contest: bytes, day: date) -> Own | None:
    """Do as `read` for the token of a request that this statement admits; None, remembering nothing, where it does not."""
    row = await _ADMIT_AND_READ[signed.slot].one_or_none(tx, contest=contest, day=day, **signed.parameters)
    return None if row is None else Own(row["own"], row["page"])


async def read(tx: Transaction, token: Token, contest: bytes, day: date) -> Own:
    """Return what a member sees of the newest snapshot."""
    row = await _READ.one(tx, token=token, contest=contest, day=day)
    return Own(row["own"], row["page"])
