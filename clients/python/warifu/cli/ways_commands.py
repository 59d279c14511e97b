"""The shell's commands about ways to sign in."""

from pathlib import Path

from protocol.names import STORES
from rich.console import Console

from warifu import Card, InputRefused, MemberSession, WayIn

from .asking import Ask, Proving, new_pin
from .own_files import write_own
from .tables import short_id, ways_table
from .words import Words

_LAST_CHARACTERS = 3


class WaysCommands:
    """Each public method is the command of its name."""

    def __init__(self, session: MemberSession, console: Console, words: Words, *, proving: Proving, ask: Ask) -> None:
        self._session = session
        self._console = console
        self._words = words
        self._proving = proving
        self._ask = ask

    async def ways(self) -> None:
        """Show the list."""
        self._console.print(ways_table(await self._session.ways(), self._words))

    async def add_card(self, name: str, file: str | None = None) -> None:
        """Make a card, show it, and add it once the person has it."""
        pin = await new_pin(self._ask, self._words)
        card = Card.fresh()
        if file is not None:
            self._write(Path(file), card.sheet)
        self._console.print(self._words("card-code"))
        self._console.print(card.text, card.terminal, sep="\n", markup=False, highlight=False)
        typed = await self._ask(self._words("ask-written"))
        if typed.upper() != card.text[-_LAST_CHARACTERS:]:
            raise InputRefused("written", "the code was not written down")
        added = await self._session.add_card(card, pin, await self._proving(), name)
        self._console.print(self._words("way-added" if added.confirmed else "way-added-unconfirmed"))

    async def remove_way(self, way_id: str) -> None:
        """Remove one."""
        way = await self._named(way_id)
        await self._session.remove_way(way.id, await self._proving())
        self._console.print(self._words("way-removed"))

    async def cancel_recovery(self, way_id: str) -> None:
        """Cancel a recovery."""
        way = await self._named(way_id)
        await self._session.cancel_recovery(way.id, await self._proving())
        self._console.print(self._words("recovery-cancelled"))

    async def refuse_recovery(self, host: str) -> None:
        """Refuse that a mailbox is handed over."""
        store = next((name for name in STORES if name == host), None)
        if store is None:
            raise ValueError("not a store")
        await self._session.refuse_mailbox_recovery(store)
        self._console.print(self._words("recovery-cancelled"))

    async def _named(self, way_id: str) -> WayIn:
        found = [way for way in await self._session.ways() if short_id(way) == way_id.lower()]
        if len(found) != 1:
            raise InputRefused("way", "no single way to sign in has this id")
        return found[0]

    def _write(self, path: Path, sheet: str) -> None:
        write_own(path, sheet.encode())
        self._console.print(self._words("card-sheet", file=path), markup=False)
