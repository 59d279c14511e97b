"""The small shell inside the process that holds the keys."""

import shlex
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from protocol.messages.records import ItemResult, VitalKind
from rich.console import Console

from warifu.errors import (
    EvidenceRefused,
    HostRefused,
    HostUnavailable,
    KeyMaterialRefused,
    LogoffIncomplete,
    SignInFailed,
    WarifuError,
)
from warifu.measurements import DaySteps, Measurement
from warifu.session import MemberSession

from .tables import checkup_tables, help_table, profile_table, steps_table, vitals_table
from .words import Words

_DAYS_SHOWN = 30
USAGES = {
    "profile": "profile",
    "checkups": "checkups",
    "weigh": "weigh KG",
    "pressure": "pressure SYS DIA",
    "steps": "steps N [YYYY-MM-DD]",
    "vitals": "vitals",
    "logoff": "logoff",
    "help": "help",
}


class Shell:
    """Runs commands on one session and shows what comes back."""

    def __init__(self, session: MemberSession, console: Console, words: Words, today: Callable[[], date] = date.today) -> None:
        self._session = session
        self._console = console
        self._words = words
        self._today = today
        self._commands: dict[str, Callable[..., Awaitable[None]]] = {name: getattr(self, f"_{name}") for name in USAGES}

    @property
    def ended(self) -> bool:
        """Whether there is nothing left to run commands on."""
        return self._session.ended

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

    async def _logoff(self) -> None:
        await self._session.log_off()
        self._console.print(self._words("bye"))

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
        case HostRefused():
            said = words("refused", host=error.host, type=error.type)
        case HostUnavailable():
            said = words("unavailable", host=error.host)
        case LogoffIncomplete():
            said = words("incomplete", hosts=", ".join(error.hosts))
        case EvidenceRefused():
            said = words("evidence", reason=error.reason)
        case SignInFailed():
            said = words("failed", reason=error)
        case _:
            said = words("ended")
    return said
