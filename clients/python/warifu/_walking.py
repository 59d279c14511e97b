"""The part of a session in which a member walks with others: contests, teams, rankings, and which device's steps count."""

import secrets

from protocol.jose import generate_p256, thumbprint
from protocol.messages.contests import (
    AskContest,
    Contest,
    Contests,
    EnterContest,
    ExcuseContest,
    LeaveContest,
    OwnContest,
    OwnContests,
    Teammates,
)
from protocol.messages.rankings import AskRanking, OwnRanking, RankingPage
from protocol.messages.steps import InstallKeys, PutInstallKey, RevokeInstallKey, StepSource

from ._following import Follows
from ._wire import parse
from .installation import Installation


def invitation_code() -> str:
    """Return a new code for a team: 80 random bits in base32, which its captain hands to friends."""
    return "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(16))


class Walks(Follows):
    """A session in which a member takes part in contests."""

    async def contests(self) -> tuple[Contest, ...]:
        """Return all contests; those that end last come first."""
        return parse("programs", Contests, await self._ask("programs", "GET", "/contests")).contests

    async def own_contests(self) -> tuple[OwnContest, ...]:
        """Return where the member takes part, what counts so far, and which days are held."""
        return parse("programs", OwnContests, await self._ask("programs", "GET", "/me/contests")).contests

    async def enter_contest(self, contest: bytes, *, nickname: str | None = None, code: str | None = None) -> None:
        """Take part with one's unit, or with ``code`` in a team of friends; without a nickname one is listed nowhere."""
        wish = EnterContest(contest=contest, nickname=nickname, code=code)
        await self._ask("programs", "PUT", "/me/contests", message=wish)

    async def form_team(self, contest: bytes, name: str, *, nickname: str | None = None) -> str:
        """Form a team as its captain, and return the code with which others join."""
        code = invitation_code()
        wish = EnterContest(contest=contest, nickname=nickname, team_name=name, code=code)
        await self._ask("programs", "PUT", "/me/contests", message=wish)
        return code

    async def leave_contest(self, contest: bytes) -> None:
        """Take part no longer; what was walked until yesterday stays the team's."""
        await self._ask("programs", "POST", "/me/contests/leaving", message=LeaveContest(contest=contest))

    async def excuse_from_contest(self, contest: bytes, *, excused: bool = True) -> None:
        """Be counted out of one's unit, or in again; nobody is told."""
        await self._ask("programs", "PUT", "/me/contests/excuse", message=ExcuseContest(contest=contest, excused=excused))

    async def teammates(self, contest: bytes) -> tuple[str, ...]:
        """Return the nicknames in the own team, of those who chose to be seen."""
        answer = await self._ask("programs", "POST", "/me/contests/team", message=AskContest(contest=contest))
        return parse("programs", Teammates, answer).nicknames

    async def own_ranking(self, contest: bytes) -> OwnRanking:
        """Return the own team's place, how many more are needed, and the first page of its league."""
        answer = await self._ask("programs", "POST", "/me/ranking", message=AskContest(contest=contest))
        return parse("programs", OwnRanking, answer)

    async def ranking(self, contest: bytes, league: int = 1, page: int = 0) -> RankingPage:
        """Return fifty teams of one league."""
        asked = AskRanking(contest=contest, league=league, page=page)
        return parse("programs", RankingPage, await self._ask("programs", "POST", "/contests/ranking", message=asked))

    async def choose_step_source(self, install: bytes | None) -> None:
        """Let one installation's steps count where it has any; None: again the largest total of all."""
        await self._ask("programs", "PUT", "/me/step-source", message=StepSource(install=install))

    async def step_source(self) -> bytes | None:
        """Return the installation whose steps count."""
        return parse("programs", StepSource, await self._ask("programs", "GET", "/me/step-source")).install

    async def register_installation(self) -> Installation:
        """Make a key that writes steps in the background, also after log-off, and reads nothing; the app keeps it."""
        opened = self._keys().stores["programs"]
        made = Installation(secrets.token_bytes(16), opened.seed.token, generate_p256())
        named = PutInstallKey(install=made.install, jkt=thumbprint(made.key))
        await self._ask("programs", "PUT", "/me/install-keys", message=named)
        return made

    async def installations(self) -> tuple[bytes, ...]:
        """Return the installations that have such a key."""
        return parse("programs", InstallKeys, await self._ask("programs", "GET", "/me/install-keys")).installs

    async def revoke_installation(self, install: bytes) -> None:
        """Let an installation's key write nothing any more."""
        await self._ask("programs", "POST", "/me/install-keys/revocations", message=RevokeInstallKey(install=install))
