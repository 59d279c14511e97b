"""The command ``follow``: the ranking is shown whenever one is published, and ends with the final one."""

import io
from collections.abc import AsyncGenerator
from typing import cast

from protocol.messages.contests import Contest
from protocol.messages.rankings import OwnRanking, RankingNews
from rich.console import Console
from rooms.programs.walking import contest
from warifu.cli.walking_commands import WalkingCommands
from warifu.cli.words import Words
from warifu.session import MemberSession


class _Session:
    """Three rankings are published, of which the second is final; nobody is in any."""

    def __init__(self) -> None:
        self.asked = 0

    async def contests(self) -> tuple[Contest, ...]:
        return (contest(),)

    async def follow_ranking(self, _contest: bytes) -> AsyncGenerator[RankingNews, None]:
        for generation in range(3):
            yield RankingNews(generation=generation, computed_at=0, final=generation == 1)

    async def own_ranking(self, _contest: bytes) -> OwnRanking:
        self.asked += 1
        return OwnRanking(own=None, participation=None, page=None)


async def test_until_the_result_stands() -> None:
    """Each publication is read and shown once; what comes after the final one is not waited for."""
    session, said = _Session(), io.StringIO()
    commands = WalkingCommands(cast("MemberSession", session), Console(file=said), Words("en"))
    await commands.follow("1")

    assert (session.asked, len(said.getvalue().splitlines())) == (2, 2)
