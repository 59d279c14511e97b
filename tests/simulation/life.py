"""One member's life on two devices: any order of signing in, changing keys and ways, logging off, accidents, recovery and erasure.

A rule that has nothing to do does nothing: rules may be drawn by no state that the order of concurrent calls decides.

What must always hold: a fresh device with any way that is good signs in, finds the record and everything whose writing was
acknowledged; no way that is gone signs in; a session that was ended is answered by nobody.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any, Literal, TypeVar

import warifu
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from registrar.roster_member import Member
from support.platform_authenticator import PlatformAuthenticator
from warifu.ways import CodeWay, Passkey, Way

from simulation.road import ACCIDENTS, Died, Fault, Road
from simulation.town import Town

T = TypeVar("T")
Name = Literal["phone", "laptop"]
NAMES: tuple[Name, ...] = ("phone", "laptop")
Trust = Literal["good", "maybe", "gone"]
"""``maybe``: an accident happened while the way was being added or removed, so either is right until it is seen."""

devices = st.sampled_from(NAMES)
faults = st.one_of(st.none(), st.none(), st.builds(Fault, st.sampled_from(ACCIDENTS), st.integers(1, 30)))
picks = st.integers(0, 9)
_MOST_WAYS = 6
_IDLE_MINUTES = 30
"""After which the gateway renews nothing any more; short waits of one life do not add up to it."""


@dataclass
class Known:
    """A way to sign in, as its member believes it to be."""

    way: Way
    trust: Trust
    id: bytes = b""
    letter: bool = False


@dataclass
class Device:
    """A device that is signed in."""

    road: Road
    session: warifu.MemberSession


@dataclass
class _State:
    member: Member
    ways: list[Known]
    written: dict[str, Decimal] = field(default_factory=dict)
    """Acknowledged weights by day."""
    maybe_written: dict[str, set[Decimal]] = field(default_factory=dict)
    recovery: tuple[bytes, Known] | None = None
    erased: bool = False


class Life(RuleBasedStateMachine):
    """Hypothesis chooses what happens."""

    def __init__(self, town: Town, runner: asyncio.Runner, members: Any) -> None:
        super().__init__()
        self.town = town
        self.runner = runner
        member = next(members)
        code = self.run(town.send_letter(member))
        self.state = _State(member, [Known(CodeWay(code), "good", letter=True)])
        self.open: dict[Name, Device] = {}
        self.days = 0

    def run(self, work: Awaitable[T]) -> T:
        """Do something in the town's event loop."""

        async def awaited() -> T:
            return await work

        return self.runner.run(awaited())

    # What can happen.

    @rule(name=devices, pick=picks, fault=faults)
    def sign_in(self, name: Name, pick: int, fault: Fault | None) -> None:
        """Sign in with some way that the member knows."""
        self.run(self._leave(name))
        known = self.state.ways[pick % len(self.state.ways)]
        signed_in = self.run(self._sign_in(name, known, fault))
        if fault is None or signed_in:
            self._judge(known, signed_in)

    @rule(pick=picks, fault=faults)
    def change_keys(self, pick: int, fault: Fault | None) -> None:
        """Rotate, with fresh reader keys."""
        self._on(pick, fault, lambda device: _true(device.session.change_keys()))

    @rule(pick=picks, fault=faults)
    def add_passkey(self, pick: int, fault: Fault | None) -> None:
        """Add a way, proved with another one."""
        proving = self._good()
        if proving is None or not self._somewhere() or len(self.state.ways) >= _MOST_WAYS:
            return
        phone = PlatformAuthenticator()
        added = self._on(pick, fault, lambda device: device.session.add_passkey(phone, proving.way, "fictional"))
        if phone.credentials:
            self.state.ways.append(Known(Passkey(phone), "good" if added else "maybe", added.id if added else b""))
        for known in self.state.ways:
            # Used up with the confirmation: surely when it came, else perhaps, at once or at a later sign-in.
            if known.letter and known.trust != "gone":
                known.trust = "gone" if added and added.confirmed else "maybe"

    @rule(pick=picks, which=picks, fault=faults)
    def remove_way(self, pick: int, which: int, fault: Fault | None) -> None:
        """Remove a way, proved with another one."""
        if not self._somewhere():
            return
        removable = [one for one in self.state.ways if one.id and not one.letter and one.trust != "gone"]
        if not removable:
            return
        known = removable[which % len(removable)]
        proving = next((one for one in removable if one.trust == "good" and one is not known), None)
        if proving is None:
            return
        removed = self._on(pick, fault, lambda device: _true(device.session.remove_way(known.id, proving.way)))
        known.trust = "gone" if removed else "maybe"

    @rule(pick=picks, weight=st.integers(400, 900), fault=faults)
    def write(self, pick: int, weight: int, fault: Fault | None) -> None:
        """Write today's weight, and read it back."""
        if not self._somewhere():
            return
        value, today = Decimal(weight) / 10, self.town.clock.now().astimezone(UTC).date()
        measured = warifu.Measurement(today, "body-weight", value)
        results = self._on(pick, fault, lambda device: device.session.put_vitals([measured]))
        day = today.isoformat()
        if results is None:
            self.state.maybe_written.setdefault(day, set()).add(value)
        else:
            self.state.written[day] = value
            self.state.maybe_written.pop(day, None)

    @rule(name=devices)
    def log_off(self, name: Name) -> None:
        """Log off, and see that nobody answers the session any more."""
        if name in self.open:
            self.run(self._log_off(self.open.pop(name), everywhere=False))

    @rule(pick=picks)
    def log_off_everywhere(self, pick: int) -> None:
        """Change the keys and end every session: the other device reads nothing any more."""
        if not self._somewhere():
            return
        device = self._device(pick)
        if self._on(pick, None, lambda one: _true(one.session.change_keys())) is None:
            return
        others = [one for one in self.open.values() if one is not device]
        self.open.clear()
        self.run(self._log_off(device, everywhere=True))
        for other in others:
            self.run(self._reads_nothing(other))

    @rule(minutes=st.sampled_from((2, 9 * 60, 25 * 60)))
    def wait(self, minutes: int) -> None:
        """Let time pass: tokens are renewed after minutes, sessions end after hours, a recovery takes effect after a day."""
        if minutes >= _IDLE_MINUTES:
            for name in list(self.open):
                self.run(self._leave(name))
        self.town.clock.advance(timedelta(minutes=minutes))

    @rule()
    def begin_recovery(self) -> None:
        """Ask the insurer for another letter, whoever may be asking."""
        if self.state.erased or self.state.recovery is not None:
            return
        verifier_id = os.urandom(16)
        code = self.run(self.town.recover(self.state.member, verifier_id))
        known = Known(CodeWay(code), "gone", verifier_id, letter=True)
        self.state.recovery = (verifier_id, known)
        self.state.ways.append(known)
        self.effective = self.town.clock.timestamp() + 24 * 3600

    @rule(pick=picks, fault=faults)
    def cancel_recovery(self, pick: int, fault: Fault | None) -> None:
        """Cancel it with a way that is good."""
        if self.state.recovery is None or not self._somewhere():
            return
        verifier_id, known = self.state.recovery
        proving = next((one for one in self.state.ways if one.trust == "good" and one is not known), None)
        if proving is None or self.town.clock.timestamp() >= self.effective:
            return
        cancelled = self._on(pick, fault, lambda device: _true(device.session.cancel_recovery(verifier_id, proving.way)))
        # Half cancelled is cancelled: three of three are needed. It may be asked for again.
        self.state.recovery = None if cancelled else self.state.recovery
        known.trust = "gone" if cancelled else "maybe"

    @rule(chance=st.integers(0, 9))
    def erase(self, chance: int) -> None:
        """Forget the member."""
        if chance or self.state.erased:
            return
        self.run(self.town.erase(self.state.member))
        self.state.erased = True
        self.state.recovery = None
        for known in self.state.ways:
            known.trust = "gone"
        others, self.open = list(self.open.values()), {}
        for device in others:
            self.run(self._refused(device))

    @invariant()
    def a_recovery_takes_effect_when_its_time_comes(self) -> None:
        """Neither before nor without a member who was told."""
        if self.state.recovery and self.town.clock.timestamp() >= self.effective:
            known = self.state.recovery[1]
            known.trust = "maybe" if known.trust == "maybe" else "good"
            self.state.recovery = None

    def teardown(self) -> None:
        """See at the end that exactly the right ways open, and that they open everything."""
        for name in list(self.open):
            self.run(self._leave(name))
        self.town.clock.advance(timedelta(hours=9))
        self.a_recovery_takes_effect_when_its_time_comes()
        opened = []
        for known in self.state.ways:
            opened.append(self.run(self._opens_everything(known)))
            self._judge(known, opened[-1])
        assert self.state.erased or any(opened), "nobody can sign in any more"

    # How it is done, and what must be true afterwards.

    def _judge(self, known: Known, signed_in: bool) -> None:
        assert known.trust == "maybe" or (known.trust == "good") == signed_in, (known, signed_in)
        if known.trust == "maybe" and known.letter and signed_in:
            # The sign-in may just have finished the confirmation that uses the letter up.
            return
        known.trust = "good" if signed_in else "gone"

    def _somewhere(self) -> bool:
        """Return whether the member is signed in somewhere, after signing in where that is possible."""
        known = self._good()
        if not self.open and known is not None:
            self._judge(known, self.run(self._sign_in("phone", known, None)))
        return bool(self.open)

    def _good(self) -> Known | None:
        return next((known for known in self.state.ways if known.trust == "good"), None)

    def _device(self, pick: int) -> Device:
        return list(self.open.values())[pick % len(self.open)]

    def _on(self, pick: int, fault: Fault | None, work: Callable[[Device], Awaitable[T]]) -> T | None:
        """Do something on an open device, if there is one; None when an accident kept it from being known as done."""
        if not self._somewhere():
            return None
        name = list(self.open)[pick % len(self.open)]
        return self.run(self._done(name, fault, work))

    async def _done(self, name: Name, fault: Fault | None, work: Callable[[Device], Awaitable[T]]) -> T | None:
        device = self.open[name]
        device.road.fault = Fault(fault.accident, fault.calls) if fault else None
        try:
            return await work(device)
        except Died:
            await device.road.quiet()
            del self.open[name]
            return None
        except warifu.WarifuError:
            await device.road.quiet()
            if fault is None:
                raise
            return None
        finally:
            device.road.fault = None

    async def _sign_in(self, name: Name, known: Known, fault: Fault | None) -> bool:
        road = self.town.road()
        client = await self.town.device(road)
        road.fault = Fault(fault.accident, fault.calls) if fault else None
        try:
            session = await client.sign_in(known.way)
        except Died:
            await road.quiet()
            return False
        except (warifu.EvidenceRefused, warifu.SignInFailed, warifu.HostRefused, warifu.HostUnavailable):
            await road.quiet()
            return False
        road.fault = None
        self.open[name] = Device(road, session)
        return True

    async def _leave(self, name: Name) -> None:
        """End a device's session as somebody does who goes away."""
        device = self.open.pop(name, None)
        if device is not None and not device.session.ended:
            await self._log_off(device, everywhere=False)

    async def _log_off(self, device: Device, *, everywhere: bool) -> None:
        session = device.session
        kept = session._keys().authorities if not session.ended else None
        await (session.log_off_everywhere() if everywhere else session.log_off())
        assert session.ended
        if kept is not None:
            for host in ("gateway", "keyvault", "identity"):
                try:
                    await kept.call(host, "GET", "/verifiers")
                except warifu.WarifuError:
                    continue
                raise AssertionError(f"{host} answers a session that was logged off")

    async def _reads_nothing(self, device: Device) -> None:
        try:
            await device.session.vitals(self._first_day(), self._last_day())
        except warifu.WarifuError:
            return
        raise AssertionError("a session that was ended elsewhere still reads")

    async def _refused(self, device: Device) -> None:
        authorities = device.session._keys().authorities
        for host in ("gateway", "keyvault", "identity"):
            try:
                await authorities.call(host, "GET", "/verifiers")
            except warifu.WarifuError:
                continue
            raise AssertionError(f"{host} answers somebody who was erased")

    async def _opens_everything(self, known: Known) -> bool:
        if not await self._sign_in("phone", known, None):
            return False
        device = self.open.pop("phone")
        session = device.session
        assert session.profile.member_number.split(":")[2] == self.state.member.current.number
        assert session.unclaimed == frozenset()
        found = {one.day.isoformat(): one.value for one in await session.vitals(self._first_day(), self._last_day())}
        for day, value in self.state.written.items():
            assert found[day] == value or found[day] in self.state.maybe_written.get(day, set()), (day, value, found)
        await self._log_off(device, everywhere=False)
        return True

    def _first_day(self) -> Any:
        return self._last_day() - timedelta(days=300)

    def _last_day(self) -> Any:
        return self.town.clock.now().astimezone(UTC).date()


async def _true(work: Awaitable[object]) -> bool:
    """Do something that returns nothing, and say that it was done."""
    await work
    return True
