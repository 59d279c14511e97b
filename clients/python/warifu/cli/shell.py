"""The small shell inside the process that holds the keys."""

import shlex
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from protocol.messages.profiles import WISHED
from protocol.messages.records import ItemResult
from protocol.vitals import VitalKind
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
from warifu.measurements import DaySteps, Measurement
from warifu.session import MemberSession

from .asking import Ask, Proving, at_terminal
from .tables import checkup_tables, help_table, profile_table, short_id, shown_time, steps_table, vitals_table
from .ways_commands import WaysCommands
from .words import Words

_DAYS_SHOWN = 30
USAGES = {
    "profile": "profile",
    "checkups": "checkups",
    "weigh": "weigh KG",
    "pressure": "pressure SYS DIA",
    "steps": "steps N [YYYY-MM-DD]",
    "vitals": "vitals",
    "wish": "wish postcode|address|telephone|email TEXT ...",
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
        self._today = today
        managing = WaysCommands(session, console, words, proving=proving, ask=ask)
        self._commands: dict[str, Callable[..., Awaitable[None]]] = {
            name: getattr(self, f"_{name.replace('-', '_')}", None) or getattr(managing, name.replace("-", "_")) for name in USAGES
        }

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
            self._console.print(self._words("usage", usage=USAGES[name]))
            return False
        return True

    async def _profile(self) -> None:
        self._console.print(profile_table(self._session.profile, self._words))

    async def _checkups(self) -> None:
        found = await self._session.checkups()
        details = {at: self._session.details(checkup) for at, checkup in enumerate(found.checkups)}
        for table in checkup_tables(found, details, self._words):
            self._console.print(table)
        if not found.checkups:
            self._console.print(self._words("nothing"))

    async def _weigh(self, kilograms: str) -> None:
        await self._measured({"body-weight": kilograms})

    async def _pressure(self, systolic: str, diastolic: str) -> None:
        await self._measured({"systolic": systolic, "diastolic": diastolic})

    async def _steps(self, count: str, day: str | None = None) -> None:
        when = date.fromisoformat(day) if day else self._today()
        self._told(await self._session.put_steps([DaySteps(when, int(count))]))
        self._console.print(steps_table(await self._session.steps(when, when), self._words))

    async def _vitals(self) -> None:
        today = self._today()
        found = await self._session.vitals(today - timedelta(days=_DAYS_SHOWN - 1), today)
        self._console.print(vitals_table(found, self._words) if found else self._words("nothing"))

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

    async def _measured(self, values: dict[VitalKind, str]) -> None:
        today = self._today()
        self._told(await self._session.put_vitals(Measurement(today, kind, Decimal(value)) for kind, value in values.items()))

    def _told(self, results: Iterable[ItemResult]) -> None:
        for result in dict.fromkeys(item.result for item in results):
            self._console.print(self._words(f"result-{result}"))


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
