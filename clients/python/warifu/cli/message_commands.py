"""The shell's commands about messages."""

from protocol.messages.member_messages import MemberMessage
from rich.console import Console
from rich.table import Table
from rich.text import Text

from warifu.errors import InputRefused
from warifu.session import MemberSession

from .words import Words


class MessageCommands:
    """Each public method is the command of its name."""

    def __init__(self, session: MemberSession, console: Console, words: Words) -> None:
        self._session = session
        self._console = console
        self._words = words

    async def messages(self) -> None:
        """Show the list, numbered for ``read``."""
        received = await self._session.messages()
        if not received:
            self._console.print(self._words("no-messages"))
            return
        table = Table(title=self._words("title-messages"))
        for column in ("message-number", "date", "message-title", "message-state"):
            table.add_column(self._words(column))
        for number, one in enumerate(received, 1):
            state = self._words("message-read" if one.read else "message-new")
            table.add_row(str(number), one.message.sent.isoformat(), Text(self._said(one.message)[0]), state)
        self._console.print(table)

    async def read(self, number: str) -> None:
        """Show a message of the list, and mark it as read."""
        received = await self._session.messages()
        if not 1 <= int(number) <= len(received):
            raise InputRefused("message", "no message has this number")
        message = received[int(number) - 1].message
        for line in (*self._said(message), message.link):
            if line:
                self._console.print(line, markup=False, highlight=False, soft_wrap=True)
        await self._session.mark_read(message.id)

    def _said(self, message: MemberMessage) -> tuple[str, str]:
        words = message.ja if self._words.language == "ja" or message.en is None else message.en
        return words.title, words.body
