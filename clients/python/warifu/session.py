"""A member's session: what can be done while the keys are in memory."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from protocol import strict_json
from protocol.encoding import EncodingError, lp, unpad
from protocol.messages.profiles import ProfileFields, PutWish, wish_info
from protocol.messages.records import Checkup, Checkups, ItemResult, PutVitals, Results, Vital, Vitals
from protocol.messages.steps import PutStepDays, StepDay, StepDays
from protocol.names import STORES, StoreName
from protocol.record import Profile
from protocol.sealing import OpenError

from ._authorities import Authorities
from ._evidence import Evidence
from ._lifetime import IDLE_SECONDS
from ._managing import ManagesWays
from ._settling import Settled
from ._wire import Wire, parse
from .errors import HostRefused, InputRefused, KeyMaterialRefused
from .measurements import Counter, DaySteps, Measurement, step_days, vitals

_VITALS_A_CALL = 200
_STEP_DAYS_A_CALL = 62


class MemberSession(ManagesWays):
    """Made by :meth:`warifu.Client.sign_in`; as an async context manager it logs off at the end.

    Keys are dropped at log-off, when the first authority ends the session or says that it is over, and after half an hour without
    a call; the authorities are told each time.
    """

    def __init__(
        self, wire: Wire, authorities: Authorities, evidence: Evidence, settled: Settled, *, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        super().__init__(wire, authorities, evidence, settled, idle_seconds=idle_seconds)
        self._counters = {store: Counter() for store in STORES}

    @property
    def profile(self) -> Profile:
        """The personal record as the insurer has it."""
        profile = self._keys().settled.profile
        if profile is None:
            raise HostRefused("identity", "no-record", 404)
        return profile

    async def wish(
        self, *, postcode: str | None = None, address: str | None = None, telephone: str | None = None, email: str | None = None
    ) -> None:
        """Ask the insurer to change something of the record; only the insurer can read it.

        A newer wish replaces an older one. What becomes of it comes back as a part of the record at a later sign-in.
        """
        asked = {"postcode": postcode, "address": address, "telephone": telephone, "email": email}
        said = {name: value for name, value in asked.items() if value is not None}
        if not said:
            raise InputRefused("wish", "a wish names what is to be changed")
        opened = self._keys()
        info = wish_info(opened.settled.held.joined.parts["identity"].ref)
        try:
            sealed = ProfileFields(**said).seal(self._wire.deployment.insurer_key, info)
        except (EncodingError, ValueError):
            raise InputRefused("wish", "a wish is text, and not this long") from None
        await opened.authorities.call("identity", "PUT", "/profile/wish", PutWish(sealed=sealed))

    async def checkups(self) -> Checkups:
        """Return all checkups, the newest first, with the code table entries they use."""
        return parse("anon-data", Checkups, await self._ask("anon-data", "GET", "/me/checkups"))

    def details(self, checkup: Checkup) -> dict[str, Any]:
        """Open what the insurer sealed to this member's mailbox: institution, doctor, free text. Empty when there is nothing."""
        seed = self._keys().stores["anon-data"].seed
        if checkup.details is None:
            return {}
        info = lp("checkup-details", seed.token, checkup.exam_date.isoformat(), checkup.program)
        try:
            return strict_json.loads_object(unpad(seed.mailbox_key.open(checkup.details, info)))
        except (OpenError, EncodingError, strict_json.JsonRefused) as error:
            raise KeyMaterialRefused("anon-data", "details that do not open") from error

    async def put_vitals(self, measured: Iterable[Measurement]) -> tuple[ItemResult, ...]:
        """Store values measured at home; for a day and kind the newest replaces what was there. One result an item."""
        items = list(measured)
        if not items:
            return ()
        days = [item.day for item in items]
        known = await self._vitals(min(days), max(days))
        seen = [*(one.seq for one in known.items), *(one.seq for one in known.deleted)]
        numbered = vitals(items, self._counters["anon-data"].after(seen, len(items)))
        results: list[ItemResult] = []
        for at in range(0, len(numbered), _VITALS_A_CALL):
            message = PutVitals(items=tuple(numbered[at : at + _VITALS_A_CALL]))
            answer = await self._ask("anon-data", "PUT", "/me/vitals", message=message)
            results += parse("anon-data", Results, answer).results
        return tuple(results)

    async def vitals(self, since: date, until: date) -> tuple[Vital, ...]:
        """Return the values of the days from ``since`` to ``until``, both included."""
        return (await self._vitals(since, until)).items

    async def _vitals(self, since: date, until: date) -> Vitals:
        query = {"since": since, "until": until}
        return parse("anon-data", Vitals, await self._ask("anon-data", "GET", "/me/vitals", query=query))

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
            results += parse("programs", Results, answer).results
        return tuple(results)

    async def steps(self, since: date, until: date) -> tuple[StepDay, ...]:
        """Return the totals of the days from ``since`` to ``until``, both included."""
        query = {"since": since, "until": until}
        return parse("programs", StepDays, await self._ask("programs", "GET", "/me/step-days", query=query)).items

    async def refuse_mailbox_recovery(self, store: StoreName) -> None:
        """Refuse what :attr:`mailbox_recoveries` names of a store; where nothing waits, nothing changes.

        It needs no gesture: only who reads the mailbox can ask, and what is refused would take it from them.
        """
        await self._ask(store, "DELETE", "/me/recovery")
        self.mailbox_recoveries = {name: day for name, day in self.mailbox_recoveries.items() if name != store}
