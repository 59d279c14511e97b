"""Commands by which a member walks with others."""

from contextlib import aclosing

from protocol.messages.contests import Contest
from protocol.messages.rankings import OwnRanking, RankingRow
from rich.console import Console
from rich.table import Table

from warifu.errors import InputRefused
from warifu.session import MemberSession

from .words import Words


class WalkingCommands:
    """Each public method is the command of its name. A contest is called by its number in the list."""

    def __init__(self, session: MemberSession, console: Console, words: Words) -> None:
        self._session = session
        self._console = console
        self._words = words

    async def contests(self) -> None:
        """List the contests, and where the member takes part."""
        own = {one.contest: one for one in await self._session.own_contests()}
        table = Table(title=self._words("title-contests"))
        for column in ("contest-number", "contest-title", "contest-days", "contest-state", "steps"):
            table.add_column(self._words(column))
        for number, contest in enumerate(await self._session.contests(), 1):
            mine = own.get(contest.id)
            state = "contest-out" if mine is None else "contest-excused" if mine.excused else "contest-in"
            days = f"{contest.first.isoformat()} - {contest.last.isoformat()}"
            table.add_row(str(number), contest.title, days, self._words(state), "" if mine is None else str(mine.steps))
        self._console.print(table)
        for mine in own.values():
            for day in mine.held:
                self._console.print(self._words("contest-held", day=day.isoformat()))

    async def enter(self, number: str, nickname: str | None = None) -> None:
        """Take part with one's unit."""
        await self._session.enter_contest((await self._contest(number)).id, nickname=nickname)
        self._console.print(self._words("contest-entered"))

    async def form_team(self, number: str, name: str, nickname: str | None = None) -> None:
        """Form a team, and show its invitation code."""
        code = await self._session.form_team((await self._contest(number)).id, name, nickname=nickname)
        self._console.print(self._words("contest-code", code=code), highlight=False)

    async def join(self, number: str, code: str, nickname: str | None = None) -> None:
        """Join the team of a code."""
        await self._session.enter_contest((await self._contest(number)).id, nickname=nickname, code=code.lower())
        self._console.print(self._words("contest-entered"))

    async def leave(self, number: str) -> None:
        """Take part no longer."""
        await self._session.leave_contest((await self._contest(number)).id)
        self._console.print(self._words("contest-left"))

    async def excuse(self, number: str, back: str | None = None) -> None:
        """Be counted out of the unit, or in again."""
        if back not in (None, "back"):
            raise ValueError("back, or nothing")
        await self._session.excuse_from_contest((await self._contest(number)).id, excused=back is None)
        self._console.print(self._words("contest-is-excused" if back is None else "contest-back"))

    async def team(self, number: str) -> None:
        """Show the nicknames in the own team."""
        names = await self._session.teammates((await self._contest(number)).id)
        self._console.print(*(names or (self._words("nothing"),)), sep="\n", markup=False, highlight=False)

    async def follow(self, number: str) -> None:
        """Show the ranking now and whenever there is a new one, until the result stands."""
        contest = (await self._contest(number)).id
        async with aclosing(self._session.follow_ranking(contest)) as published:
            async for news in published:
                await self._shown(contest)
                if news.final:
                    return

    async def ranking(self, number: str) -> None:
        """Show the own team's place, how many more are needed, and the first teams of its league."""
        await self._shown((await self._contest(number)).id)

    async def _shown(self, contest: bytes) -> None:
        found = await self._session.own_ranking(contest)
        if found.page is None:
            self._console.print(self._words("ranking-none"))
            return
        self._console.print(self._table(found))
        if (rate := found.participation) is not None:
            self._console.print(self._words("ranking-participation", active=rate.active, eligible=rate.eligible))
            if rate.threshold is not None:
                self._console.print(self._words("ranking-missing", missing=rate.missing, threshold=rate.threshold))

    def _table(self, found: OwnRanking) -> Table:
        table = Table(title=self._words("title-ranking"))
        for column in ("ranking-place", "ranking-team", "ranking-score", "ranking-rate"):
            table.add_column(self._words(column))
        rows = found.page.rows if found.page else ()
        # The own team is always in sight.
        hidden = [found.own] if found.own is not None and found.own not in rows else []
        for row in [*rows, *hidden]:
            own = found.own is not None and row.team == found.own.team
            table.add_row(*self._cells(row), style="bold" if own else None)
        return table

    def _cells(self, row: RankingRow) -> tuple[str, ...]:
        score = "-" if row.score is None else f"{row.score}{self._words('ranking-corrected') if row.corrected else ''}"
        return str(row.place), row.name or "-", score, "-" if row.participation is None else f"{row.participation} %"

    async def _contest(self, number: str) -> Contest:
        found = await self._session.contests()
        at = int(number)
        if not 1 <= at <= len(found):
            raise InputRefused("contest", "no contest has this number")
        return found[at - 1]
