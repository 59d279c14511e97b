"""A member takes part in contests."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from chassis.database import Database, Transaction
from mailboxes.readers import Reader
from protocol.encoding import lp, sha256
from protocol.messages.contests import Contest, EnterContest, OwnContest, OwnContests, Teammates

from programs import names
from programs.days import today
from programs.errors import ContestUnknown, EntryRefused
from programs.store import changes, contests, entries, teams
from programs.store.entries import Entry

_NICKNAMES_SHOWN = 200


async def enter_contest(db: Database, reader: Reader, asked: EnterContest, now: datetime) -> None:
    """Take part, or say anew how."""
    day = today(now)
    if any(name is not None and names.refused(name) for name in (asked.nickname, asked.team_name)):
        raise EntryRefused(reason="name")
    async with db.transaction("enter-contest") as tx:
        token = await reader.for_writing(tx)
        contest = await _open(tx, asked.contest)
        known = await entries.find(tx, token, contest.id)
        if not contest.enter_from <= day <= contest.enter_until:
            # Who takes part may still choose another nickname.
            if known is None or not known.stands or asked.team_name is not None or asked.code is not None:
                raise EntryRefused(reason="closed")
            await entries.put(tx, token, replace(known, nickname=asked.nickname))
            return
        wanted = Entry(contest.id, None, captain=False, nickname=asked.nickname, since=contest.first, until=None, excused=False)
        if contest.teams == "free":
            wanted = await _in_a_free_team(tx, contest, asked, known, wanted, begun=day >= contest.first)
        elif await teams.unit_of(tx, token, day) is None:
            raise EntryRefused(reason="no-unit")
        await entries.put(tx, token, wanted)
        await changes.all_days(tx, token)


async def leave_contest(db: Database, reader: Reader, contest_id: bytes, now: datetime) -> None:
    """Take part no longer from today on; what was walked before stays the team's."""
    async with db.transaction("leave-contest") as tx:
        token = await reader.for_writing(tx)
        contest = await _open(tx, contest_id)
        known = await entries.find(tx, token, contest.id)
        if known is None or not known.stands:
            raise EntryRefused(reason="no-entry")
        await entries.put(tx, token, replace(known, until=today(now) - timedelta(days=1), nickname=None))
        await changes.all_days(tx, token)


async def excuse_from_contest(db: Database, reader: Reader, contest_id: bytes, *, excused: bool) -> None:
    """Count the member out of their unit, or in again; nobody is told who."""
    async with db.transaction("excuse-from-contest") as tx:
        token = await reader.for_writing(tx)
        contest = await _open(tx, contest_id)
        if contest.teams != "units":
            raise EntryRefused(reason="units-only")
        known = await entries.find(tx, token, contest.id)
        if known is None:
            # In again without having taken part: a member of the unit who has not entered, which ends before it begins.
            before = contest.first - timedelta(days=1)
            known = Entry(contest.id, None, captain=False, nickname=None, since=contest.first, until=before, excused=excused)
        await entries.put(tx, token, replace(known, excused=excused))
        await changes.all_days(tx, token)


async def read_own_contests(db: Database, reader: Reader, now: datetime) -> OwnContests:
    """Return where the member takes part, and which days are held."""
    async with db.transaction("read-own-contests") as tx:
        token = await reader.for_reading(tx)
        unit = await teams.unit_of(tx, token, today(now))
        held = await entries.held(tx, token)
        found = [one for one in await entries.of_token(tx, token) if one.until is None or one.excused]
    return OwnContests(
        contests=tuple(
            OwnContest(
                contest=one.contest,
                team=one.team or unit,
                captain=one.captain,
                nickname=one.nickname,
                excused=one.excused,
                steps=one.steps,
                held=tuple(held.get(one.contest, ())),
            )
            for one in found
        )
    )


async def read_teammates(db: Database, reader: Reader, contest_id: bytes, now: datetime) -> Teammates:
    """Return the nicknames in the member's own team."""
    async with db.transaction("read-teammates") as tx:
        token = await reader.for_reading(tx)
        known = await entries.find(tx, token, contest_id)
        if known is None or not known.stands:
            raise EntryRefused(reason="no-entry")
        team = known.team or await teams.unit_of(tx, token, today(now))
        if team is None:
            return Teammates(nicknames=())
        return Teammates(nicknames=await entries.nicknames(tx, contest_id, team, today(now), _NICKNAMES_SHOWN))


async def _open(tx: Transaction, contest_id: bytes) -> Contest:
    known = await contests.find(tx, contest_id)
    if known is None:
        raise ContestUnknown
    if known.frozen:
        raise EntryRefused(reason="closed")
    return known.contest


async def _in_a_free_team(
    tx: Transaction, contest: Contest, asked: EnterContest, known: Entry | None, wanted: Entry, *, begun: bool
) -> Entry:
    """Return the entry with its team: a new one for its captain, the one of the code, or the one before."""
    if asked.code is None:
        if asked.team_name is not None or known is None or not known.stands:
            raise EntryRefused(reason="no-team")
        return replace(wanted, team=known.team, captain=known.captain)
    if known is not None and known.team is not None and begun:
        raise EntryRefused(reason="begun")
    code = sha256(lp("team-code", contest.id, asked.code))
    if asked.team_name is not None:
        formed = secrets.token_bytes(16)
        if not await teams.form(tx, formed, contest.id, asked.team_name, code):
            raise EntryRefused(reason="code")
        return replace(wanted, team=formed, captain=True)
    team = await teams.by_code(tx, contest.id, code)
    if team is None:
        raise EntryRefused(reason="code")
    if known is not None and known.team == team and known.stands:
        return replace(wanted, team=team, captain=known.captain)
    # Of two who take the last place at once the second waits here.
    await tx.lock(f"team {team.hex()}")
    if await teams.members(tx, contest.id, team) >= contest.largest_team:
        raise EntryRefused(reason="full")
    return replace(wanted, team=team)
