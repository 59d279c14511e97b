"""The command by which a member takes everything along."""

from datetime import datetime
from pathlib import Path

from rich.console import Console

from warifu import archive
from warifu.session import MemberSession

from .own_files import write_own
from .words import Words


class ArchiveCommands:
    """Each public method is the command of its name."""

    def __init__(self, session: MemberSession, console: Console, words: Words) -> None:
        self._session = session
        self._console = console
        self._words = words

    async def export(self, file: str) -> None:
        """Write the archive."""
        path = Path(file)
        write_own(path, await archive.export(self._session, datetime.now().astimezone()))
        self._console.print(self._words("exported", file=path), markup=False)
