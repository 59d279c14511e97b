"""Commands by which a member writes, and reads back what they wrote."""

import asyncio
import json
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from protocol.messages.records import ItemResult
from protocol.vitals import VITALS, VitalKind
from rich.console import Console

from warifu import health_connect, health_kit
from warifu.errors import InputRefused
from warifu.measurements import DaySteps, Measurement
from warifu.samples import of_days
from warifu.session import MemberSession
from warifu.units import UnitUnknown, converted

from .tables import notes_table, steps_table, vitals_table
from .words import Words

_DAYS_SHOWN = 30


class RecordingCommands:
    """Each public method is the command of its name."""

    def __init__(self, session: MemberSession, console: Console, words: Words, today: Callable[[], date]) -> None:
        self._session = session
        self._console = console
        self._words = words
        self._today = today

    async def weigh(self, value: str, unit: str = "kg") -> None:
        """Store today's weight."""
        await self._measured({"body-weight": value}, unit)

    async def pressure(self, systolic: str, diastolic: str, unit: str = "mmHg") -> None:
        """Store today's blood pressure."""
        await self._measured({"systolic": systolic, "diastolic": diastolic}, unit)

    async def record(self, kind: str, value: str, *more: str) -> None:
        """Store any kind of value, in any unit, of any day."""
        days = [one for one in more if _is_day(one)]
        units = [one for one in more if not _is_day(one)]
        if len(days) > 1 or len(units) > 1:
            raise ValueError("one unit and one day")
        known = _kind(kind)
        when = date.fromisoformat(days[0]) if days else self._today()
        await self._measured({known: value}, units[0] if units else VITALS[known].unit, when)

    async def forget(self, kind: str, day: str) -> None:
        """Delete a value."""
        self._told(await self._session.put_vitals([Measurement(date.fromisoformat(day), _kind(kind), None)]), deleted=True)

    async def sync(self, file: str) -> None:
        """Store what a health app measured."""
        objects = await asyncio.to_thread(_objects, Path(file))
        samples = [*health_kit.samples(objects), *health_connect.samples(objects)]
        sent = await self._session.sync_vitals(of_days(samples))
        stored = sum(one.result == "applied" for one in sent)
        self._console.print(self._words("synced", read=len(samples), stored=stored))
        self._told(one for one in sent if one.result == "rejected")

    async def vitals(self) -> None:
        """Show what was measured at home."""
        found = await self._session.vitals(self._since(), self._today())
        self._console.print(vitals_table(found, self._words) if found else self._words("nothing"))

    async def steps(self, count: str, day: str | None = None) -> None:
        """Store a day's steps."""
        when = date.fromisoformat(day) if day else self._today()
        self._told(await self._session.put_steps([DaySteps(when, int(count))]))
        self._console.print(steps_table(await self._session.steps(when, when), self._words))

    async def note(self, *said: str) -> None:
        """Write a note."""
        when, text = (date.fromisoformat(said[0]), said[1:]) if said and _is_day(said[0]) else (self._today(), said)
        self._told([await self._session.put_note(when, " ".join(text))])

    async def notes(self) -> None:
        """Show the notes."""
        found = await self._session.notes(self._since(), self._today())
        self._console.print(notes_table(found, self._words) if found else self._words("nothing"))

    async def forget_note(self, day: str) -> None:
        """Delete a note."""
        self._told([await self._session.put_note(date.fromisoformat(day), None)], deleted=True)

    async def _measured(self, values: dict[VitalKind, str], unit: str, day: date | None = None) -> None:
        try:
            measured = [
                Measurement(day or self._today(), kind, converted(Decimal(value), unit, kind)) for kind, value in values.items()
            ]
        except UnitUnknown:
            raise InputRefused("unit", "not a unit of this") from None
        self._told(await self._session.put_vitals(measured))

    def _since(self) -> date:
        return self._today() - timedelta(days=_DAYS_SHOWN - 1)

    def _told(self, results: Iterable[ItemResult], *, deleted: bool = False) -> None:
        for result, reason in dict.fromkeys((item.result, item.reason) for item in results):
            key = "deleted" if deleted and result == "applied" else f"result-{result}"
            why = self._words.known(f"reason-{reason}") if reason else ""
            self._console.print(self._words(key) + why, markup=False)


def _kind(name: str) -> VitalKind:
    for kind in VITALS:
        if kind == name:
            return kind
    raise ValueError("not a kind")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _objects(file: Path) -> list[dict[str, object]]:
    """Read a list of objects; what else is in it is passed over."""
    try:
        found = json.loads(file.read_bytes(), parse_float=Decimal)
    except (OSError, ValueError, RecursionError):
        raise InputRefused("health-file", "the file cannot be read") from None
    if not isinstance(found, list):
        raise InputRefused("health-file", "the file is no list")
    return [one for one in found if isinstance(one, dict)]
