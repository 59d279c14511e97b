"""Commands of individual programs."""

from collections.abc import Callable
from datetime import date

from protocol.messages.challenges import OfferedChallenge
from rich.console import Console
from rich.table import Table
from rich.text import Text

from warifu.errors import InputRefused
from warifu.session import MemberSession

from .asking import Ask
from .words import Words


class ChallengeCommands:
    """Each public method is the command of its name. A program is called by its number in the list."""

    def __init__(self, session: MemberSession, console: Console, words: Words, *, today: Callable[[], date], ask: Ask) -> None:
        self._session = session
        self._console = console
        self._words = words
        self._today = today
        self._ask = ask

    async def challenges(self) -> None:
        """List the programs, and how far one has come."""
        table = Table(title=self._words("title-challenges"))
        for column in ("contest-number", "contest-title", "contest-days", "challenge-done", "challenge-state"):
            table.add_column(self._words(column))
        for number, one in enumerate(await self._session.challenges(), 1):
            state = "challenge-reached" if one.reached else "contest-in" if one.joined else "contest-out"
            days = f"{one.first.isoformat()} - {one.last.isoformat()}"
            table.add_row(str(number), Text(one.title), days, f"{one.done}/{one.goal}", self._words(state))
        self._console.print(table)

    async def take_on(self, number: str) -> None:
        """Join a program."""
        await self._session.join_challenge((await self._named(number)).id)
        self._console.print(self._words("contest-entered"))

    async def give_up(self, number: str) -> None:
        """Leave a program."""
        await self._session.leave_challenge((await self._named(number)).id)
        self._console.print(self._words("challenge-left"))

    async def kept(self, number: str, day: str | None = None) -> None:
        """Say that the habit was kept."""
        when = date.fromisoformat(day) if day else self._today()
        await self._session.keep_habit((await self._named(number)).id, when)
        self._console.print(self._words("challenge-kept"))

    async def logged(self, number: str) -> None:
        """Tell programs that enough days were noted, if they were."""
        told = await self._session.tell_logging(await self._named(number))
        self._console.print(self._words("challenge-told" if told else "challenge-not-yet"))

    async def quiz(self, number: str) -> None:
        """Ask the questions of a quiz, and mark the answers."""
        found = await self._named(number)
        answers = []
        for question in found.questions:
            lines = [question.text, *(f"{at}. {choice}" for at, choice in enumerate(question.choices, 1))]
            self._console.print(*lines, sep="\n", markup=False, highlight=False)
            answers.append(int(await self._ask(self._words("ask-answer"))) - 1)
        right = await self._session.answer_quiz(found.id, answers)
        self._console.print(self._words("quiz-marked", right=sum(right), count=len(right)))

    async def _named(self, number: str) -> OfferedChallenge:
        found = await self._session.challenges()
        at = int(number)
        if not 1 <= at <= len(found):
            raise InputRefused("challenge", "no program has this number")
        return found[at - 1]
