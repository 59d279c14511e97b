"""The small shell inside the process that holds the keys."""

import shlex
from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from decimal import InvalidOperation

from protocol.messages.profiles import WISHED
from rich.console import Console

from warifu.errors import (
    EvidenceRefused,
    HostRefused,
    HostUnavailable,
    InputRefused,
    KeyMaterialRefused,
    LogoffIncomplete,
    SignInFailed,
    WarifuError,
)
from warifu.session import MemberSession

from .agreeing_commands import AgreeingCommands
from .archive_commands import ArchiveCommands
from .asking import Ask, Proving, at_terminal
from .challenge_commands import ChallengeCommands
from .checkup_commands import CheckupCommands
from .claims_commands import ClaimsCommands
from .history_commands import HistoryCommands
from .message_commands import MessageCommands
from .opening_commands import OpeningCommands
from .recording_commands import RecordingCommands
from .shopping_commands import ShoppingCommands
from .tables import help_table, profile_table, short_id, shown_time
from .walking_commands import WalkingCommands
from .ways_commands import WaysCommands
from .words import Words

USAGES = {
    "profile": "profile",
    "checkups": "checkups [FISCAL-YEAR]",
    "years": "years",
    "meanings": "meanings",
    "weigh": "weigh KG [UNIT]",
    "pressure": "pressure SYS DIA [UNIT]",
    "record": "record KIND VALUE [UNIT] [YYYY-MM-DD]",
    "forget": "forget KIND YYYY-MM-DD",
    "vitals": "vitals",
    "sync": "sync FILE.json",
    "steps": "steps N [YYYY-MM-DD]",
    "note": "note [YYYY-MM-DD] TEXT",
    "notes": "notes",
    "forget-note": "forget-note YYYY-MM-DD",
    "costs": "costs [YEAR]",
    "medicines": "medicines [YEAR]",
    "generics": "generics [YEAR]",
    "guidance": "guidance",
    "screenings": "screenings",
    "history": "history",
    "statement": "statement YEAR [FOLDER]",
    "messages": "messages",
    "read": "read N",
    "points": "points",
    "office-name": "office-name",
    "catalogue": "catalogue",
    "order": "order N [UNITS]",
    "orders": "orders",
    "cancel-order": "cancel-order N",
    "consents": "consents",
    "consent": "consent give|withdraw analysis|household|messages|portal-use",
    "tell-participation": "tell-participation",
    "give-view": "give-view checkups|costs ...",
    "views": "views",
    "end-view": "end-view ID",
    "contests": "contests",
    "enter": "enter N [NICKNAME]",
    "form-team": "form-team N NAME [NICKNAME]",
    "join": "join N CODE [NICKNAME]",
    "leave": "leave N",
    "excuse": "excuse N [back]",
    "team": "team N",
    "ranking": "ranking N",
    "follow": "follow N",
    "challenges": "challenges",
    "take-on": "take-on N",
    "give-up": "give-up N",
    "kept": "kept N [YYYY-MM-DD]",
    "logged": "logged N",
    "quiz": "quiz N",
    "wish": "wish postcode|address|telephone|email TEXT ...",
    "export": "export FILE.zip",
    "openings": "openings",
    "ways": "ways",
    "add-card": "add-card NAME [FILE.html]",
    "remove-way": "remove-way ID",
    "cancel-recovery": "cancel-recovery ID",
    "refuse-recovery": "refuse-recovery anon-data|programs",
    "change-keys": "change-keys",
    "logoff": "logoff",
    "logoff-everywhere": "logoff-everywhere",
    "help": "help",
}


_REFUSALS = {
    "slow_down": "too-many-tries",
    "too-many-tries": "too-many-tries",
    "last-verifier": "last-way",
    "access-ended": "access-ended",
    "consent-missing": "consent-missing",
    "consent-text": "consent-text",
    "entry-refused": "entry-refused",
    "challenge-refused": "challenge-refused",
    "view-refused": "view-refused",
    "view-unknown": "view-unknown",
    "points-short": "points-short",
    "out-of-stock": "out-of-stock",
    "order-state": "order-over",
    "precondition-failed": "order-over",
}
"""Refusals that have a sentence of their own."""


class Shell:
    """Runs commands on one session and shows what comes back."""

    def __init__(
        self,
        session: MemberSession,
        console: Console,
        words: Words,
        today: Callable[[], date] = date.today,
        *,
        proving: Proving,
        ask: Ask = at_terminal,
    ) -> None:
        self._session = session
        self._console = console
        self._words = words
        rooms = (
            CheckupCommands(session, console, words),
            WaysCommands(session, console, words, proving=proving, ask=ask),
            RecordingCommands(session, console, words, today),
            ClaimsCommands(session, console, words, today),
            HistoryCommands(session, console, words),
            AgreeingCommands(session, console, words, today=today, ask=ask),
            MessageCommands(session, console, words),
            OpeningCommands(session, console, words),
            ShoppingCommands(session, console, words),
            WalkingCommands(session, console, words),
            ChallengeCommands(session, console, words, today=today, ask=ask),
            ArchiveCommands(session, console, words),
        )
        self._commands = {name: self._command(name.replace("-", "_"), rooms) for name in USAGES}

    def _command(self, name: str, rooms: Iterable[object]) -> Callable[..., Awaitable[None]]:
        own: Callable[..., Awaitable[None]] | None = getattr(self, f"_{name}", None)
        return own or next(getattr(room, name) for room in rooms if hasattr(room, name))

    @property
    def ended(self) -> bool:
        """Whether there is nothing left to run commands on."""
        return self._session.ended

    def greet(self) -> None:
        """Say what a member must know right after signing in."""
        if self._session.unclaimed:
            self._console.print(self._words("unclaimed", hosts=", ".join(sorted(self._session.unclaimed))))
        for way in self._session.recoveries:
            since = shown_time(way.effective_from)
            self._console.print(self._words("recovery", since=since, id=short_id(way)), style="bold red", markup=False)

        for store, day in self._session.mailbox_recoveries.items():
            said = self._words("mailbox-recovery", host=store, day=day.isoformat())
            self._console.print(said, style="bold red", markup=False)

    async def run(self, lines: Iterable[str]) -> bool:
        """Run commands until one fails or ends the session; tell whether all went well."""
        for line in lines:
            if not await self.command(line):
                return False
            if self.ended:
                break
        return True

    async def command(self, line: str) -> bool:
        """Run one command; a failure is shown and returned as ``False``."""
        try:
            name, *arguments = shlex.split(line) or [""]
        except ValueError:
            name, arguments = "?", []
        if not name:
            return True
        if (run := self._commands.get(name)) is None:
            self._console.print(self._words("unknown-command"))
            return False
        try:
            await run(*arguments)
        except WarifuError as error:
            self._console.print(told(error, self._words), style="bold red")
            return False
        except (TypeError, ValueError, InvalidOperation):
            # What was typed is not repeated: it may be health data.
            self._console.print(self._words("usage", usage=USAGES[name]), markup=False)
            return False
        return True

    async def _profile(self) -> None:
        self._console.print(profile_table(self._session.profile, self._words))

    async def _wish(self, *words: str) -> None:
        if not words or len(words) % 2 or not set(words[::2]) <= WISHED or len(set(words[::2])) < len(words) / 2:
            raise ValueError("pairs of a field and its text")
        await self._session.wish(**dict(zip(words[::2], words[1::2], strict=True)))
        self._console.print(self._words("wished"))

    async def _change_keys(self) -> None:
        await self._session.change_keys()
        self._console.print(self._words("keys-changed"))

    async def _logoff(self) -> None:
        await self._session.log_off()
        self._console.print(self._words("bye"))

    async def _logoff_everywhere(self) -> None:
        await self._session.change_keys()
        await self._session.log_off_everywhere()
        self._console.print(self._words("bye-everywhere"))

    async def _help(self) -> None:
        self._console.print(help_table(USAGES, self._words))


def told(error: WarifuError, words: Words) -> str:
    """Return what a person should read about an error."""
    match error:
        case KeyMaterialRefused():
            said = words("alarm", host=error.host)
        case InputRefused():
            said = words(f"input-{error.fault}")
        case HostRefused():
            said = words(_REFUSALS.get(error.type, "refused"), host=error.host, type=error.type)
        case HostUnavailable():
            said = words("unavailable", host=error.host)
        case LogoffIncomplete():
            said = words("incomplete", hosts=", ".join(error.hosts))
        case EvidenceRefused():
            said = words("denied" if error.reason == "access_denied" else "evidence", reason=error.reason)
        case SignInFailed():
            said = words("failed", reason=error)
        case _:
            said = words("ended")
    return said
