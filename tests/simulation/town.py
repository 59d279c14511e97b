"""Five real hosts, an insurer's office that is reduced to its calls, and members who all begin with a letter."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import warifu
from protocol.code import Code
from protocol.deployment import Deployment
from protocol.messages.enrolment import Enrol, Enrolment
from protocol.messages.life_events import Erase, Erasure, Recover, Recovery
from protocol.names import AUTHORITIES, AuthorityName
from protocol.signing import SigningKey
from registrar.home import Home
from registrar.roster_member import Member
from registrar.secret_files import read_secret
from rooms.registrar.five_hosts import FiveHosts, five_hosts
from rooms.registrar.paperwork import row, write_table
from support.authorities import Host, Registrar
from support.postgres import ThrowawayCluster
from support.upstream import listening
from support.ways_in import letter

from simulation.road import Road


class TravellingClock:
    """The system's time, which the registrar takes, and from there on as much later as it is told."""

    def __init__(self) -> None:
        self._later = timedelta()

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC) + self._later

    def timestamp(self) -> int:
        """Return the time in seconds since 1970."""
        return int(self.now().timestamp())

    def advance(self, by: timedelta) -> None:
        """Go on."""
        self._later += by


@dataclass
class _Office:
    """What the test registrar needs to know of a deployment."""

    deployment: Deployment
    officers: dict[str, SigningKey]
    clock: TravellingClock

    @property
    def now(self) -> int:
        return self.clock.timestamp()


@dataclass
class Town:
    """The running deployment and its members."""

    hosts: FiveHosts
    clock: TravellingClock
    members: list[Member]
    _offices: dict[AuthorityName, Host] = field(default_factory=dict)

    @property
    def deployment(self) -> Deployment:
        """The public description."""
        return self.hosts.papers.deployment

    def road(self) -> Road:
        """Return a road for one device."""
        return Road(self.hosts.mounts)

    async def device(self, road: Road) -> warifu.Client:
        """Return a device on a road. It is never closed: a process that dies logs nobody off."""
        client = warifu.Client(self.deployment, http=httpx.AsyncClient(transport=road), clock=self.clock.timestamp)
        return await client.__aenter__()

    async def send_letter(self, member: Member) -> Code:
        """Give a member who never signed in a letter, in an ``enrol`` window."""
        code = Code.fresh()
        for host in AUTHORITIES:
            office = await Registrar(self._office(host), signers=("officer-1", "officer-2")).opened()
            pairwise = {"keyvault": member.refs["keyvault"], "identity": member.refs["identity"]} if host == "gateway" else None
            made = letter(self._office(host), code)
            enrolment = Enrolment(ref=member.refs[host], verifiers=(made,), pairwise=pairwise)
            answer = await office.post("/enrolments", Enrol(rows=(enrolment,)))
            assert answer.status_code == 200, answer.text
        return code

    async def recover(self, member: Member, verifier_id: bytes) -> Code:
        """Give a member a new letter, which takes effect a day later."""
        code = Code.fresh()
        for host in AUTHORITIES:
            ref = member.refs[host]
            office = await self._window(host, "recover", [ref])
            made = letter(self._office(host), code, id=verifier_id)
            recovery = Recovery(ref=ref, subject=office.subject(ref), verifiers=(made,))
            answer = await office.post("/recoveries", Recover(rows=(recovery,)))
            assert answer.status_code == 200, answer.text
        return code

    async def erase(self, member: Member) -> None:
        """Forget a member at the three authorities."""
        for host in AUTHORITIES:
            ref = member.refs[host]
            office = await self._window(host, "erase", [ref])
            answer = await office.post("/erasures", Erase(rows=(Erasure(ref=ref, subject=office.subject(ref)),)))
            assert answer.status_code == 204, answer.text

    async def _window(self, host: AuthorityName, purpose: str, refs: Sequence[bytes]) -> Registrar:
        signers = ("officer-1", "officer-2")
        return await Registrar(self._office(host), purpose, signers=signers, subjects=refs).opened()  # type: ignore[arg-type]  # a purpose

    def _office(self, host: AuthorityName) -> Host:
        if host not in self._offices:
            papers = self.hosts.papers
            officers = {path.stem: SigningKey(read_secret(path)) for path in papers.officers}
            world = _Office(papers.deployment, officers, self.clock)
            client = httpx.AsyncClient(
                transport=self.hosts.mounts[papers.deployment.origins[host]], base_url=papers.deployment.origins[host]
            )
            self._offices[host] = Host(world, host, client, self.hosts.urls[host], self.hosts.apps[host])  # type: ignore[arg-type]  # as far as it is asked
        return self._offices[host]


@asynccontextmanager
async def town(cluster: ThrowawayCluster, folder: Path, population: int) -> AsyncIterator[Town]:
    """Start five hosts and enrol people without work accounts, as the insurer's registrar does."""
    clock = TravellingClock()
    async with five_hosts(cluster, folder, clock=clock) as hosts, AsyncExitStack() as stack:
        for host in AUTHORITIES:
            # For each other: the others fetch the gateway's keys, and it tells them of logoffs.
            await stack.enter_async_context(listening(hosts.apps[host], hosts.listeners[host].dup()))
        table = write_table(folder / "eligibility.csv", [row(number + 1, work_id="") for number in range(population)])
        await hosts.run(table)
        roster = Home.load(hosts.papers.home).roster()
        members = sorted(roster.members(), key=lambda one: int(one.current.number))
        roster.close()
        yield Town(hosts, clock, members)
