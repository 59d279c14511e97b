"""What a member writes: values measured at home, steps, notes."""

from collections.abc import Iterable
from datetime import date

from protocol.messages.notes import Notes, PutNotes
from protocol.messages.records import ItemResult, PutVitals, Results, Vital, Vitals, VitalWrite
from protocol.messages.steps import PutStepDays, StepDay, StepDays, StepResults
from protocol.names import STORES

from . import notes
from ._authorities import Authorities
from ._evidence import Evidence
from ._lifetime import IDLE_SECONDS
from ._managing import ManagesWays
from ._settling import Settled
from ._wire import Wire, parse
from .measurements import Counter, DaySteps, Measurement, news, step_days, vitals
from .notes import Note

_VITALS_A_CALL = 200
_STEP_DAYS_A_CALL = 62


class Records(ManagesWays):
    """The part of a session that writes at the stores."""

    def __init__(
        self, wire: Wire, authorities: Authorities, evidence: Evidence, settled: Settled, *, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        super().__init__(wire, authorities, evidence, settled, idle_seconds=idle_seconds)
        self._counters = {store: Counter() for store in STORES}

    async def put_vitals(self, measured: Iterable[Measurement]) -> tuple[ItemResult, ...]:
        """Store values measured at home, or delete some; for a day and kind the newest replaces what was there.

        One result an item.
        """
        items = list(measured)
        return await self._put_vitals(items, await self._vitals_of(items)) if items else ()

    async def sync_vitals(self, measured: Iterable[Measurement]) -> tuple[ItemResult, ...]:
        """Store what a device has measured and the store does not have yet; one result for each value that was sent.

        What a person typed stays as it is, and so does what a person deleted. See :mod:`warifu.health_kit` and
        :mod:`warifu.health_connect`.
        """
        items = list(measured)
        if not items:
            return ()
        known = await self._vitals_of(items)
        fresh = news(items, known)
        return await self._put_vitals(fresh, known) if fresh else ()

    async def vitals(self, since: date, until: date) -> tuple[Vital, ...]:
        """Return the values of the days from ``since`` to ``until``, both included."""
        return (await self._vitals(since, until)).items

    async def put_steps(self, counted: Iterable[DaySteps]) -> tuple[ItemResult, ...]:
        """Store the totals of days; a newer total replaces the one before, also by less. One result an item."""
        items = list(counted)
        if not items:
            return ()
        days = [item.day for item in items]
        known = await self.steps(min(days), max(days))
        numbered = step_days(items, self._counters["programs"].after([day.seq for day in known], len(items)))
        results: list[ItemResult] = []
        for at in range(0, len(numbered), _STEP_DAYS_A_CALL):
            message = PutStepDays(install=self._keys().install, items=tuple(numbered[at : at + _STEP_DAYS_A_CALL]))
            answer = await self._ask("programs", "PUT", "/me/step-days", message=message)
            results += parse("programs", StepResults, answer).results
        return tuple(results)

    async def steps(self, since: date, until: date) -> tuple[StepDay, ...]:
        """Return the totals of the days from ``since`` to ``until``, both included."""
        query = {"since": since, "until": until}
        return parse("programs", StepDays, await self._ask("programs", "GET", "/me/step-days", query=query)).items

    async def put_note(self, day: date, text: str | None) -> ItemResult:
        """Store the note of a day, which replaces what was there; no text deletes it. The store cannot read it."""
        known = await self._notes(day, day)
        seen = [*(one.seq for one in known.items), *(one.seq for one in known.deleted)]
        (seq,) = self._counters["anon-data"].after(seen, 1)
        opened = self._keys()
        item = notes.sealed(day, text, opened.settled.held.mailbox_seed, opened.stores["anon-data"].seed.token, seq)
        (result,) = parse(
            "anon-data", Results, await self._ask("anon-data", "PUT", "/me/notes", message=PutNotes(items=(item,)))
        ).results
        return result

    async def notes(self, since: date, until: date) -> tuple[Note, ...]:
        """Return the notes of the days from ``since`` to ``until``, both included."""
        found, opened = await self._notes(since, until), self._keys()
        return tuple(notes.opened(found, opened.settled.held.mailbox_seed, opened.stores["anon-data"].seed.token))

    async def _vitals_of(self, items: Iterable[Measurement]) -> Vitals:
        days = [item.day for item in items]
        return await self._vitals(min(days), max(days))

    async def _put_vitals(self, items: list[Measurement], known: Vitals) -> tuple[ItemResult, ...]:
        seen = [*(one.seq for one in known.items), *(one.seq for one in known.deleted)]
        numbered: list[VitalWrite] = vitals(items, self._counters["anon-data"].after(seen, len(items)))
        results: list[ItemResult] = []
        for at in range(0, len(numbered), _VITALS_A_CALL):
            message = PutVitals(items=tuple(numbered[at : at + _VITALS_A_CALL]))
            answer = await self._ask("anon-data", "PUT", "/me/vitals", message=message)
            results += parse("anon-data", Results, answer).results
        return tuple(results)

    async def _vitals(self, since: date, until: date) -> Vitals:
        query = {"since": since, "until": until}
        return parse("anon-data", Vitals, await self._ask("anon-data", "GET", "/me/vitals", query=query))

    async def _notes(self, since: date, until: date) -> Notes:
        query = {"since": since, "until": until}
        return parse("anon-data", Notes, await self._ask("anon-data", "GET", "/me/notes", query=query))
