"""The insurer's fictional staff: each signs in at the group, makes a passkey, and is listed at the stores by two officers."""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from protocol.deployment import Deployment
from protocol.messages.analysis import AnsweredQuestion, AskedQuestion
from protocol.names import STORES, StoreName
from protocol.staff import Role, StaffPasskey
from protocol.trust import trust
from registrar.hosts import Hosts
from registrar.officer_lists import OfficerChain
from registrar.officers import load_officers
from registrar.staff_lists import STAFF, entry
from warifu.staff import StaffSession
from warifu.staff_plans import PlansDesk

from local.group import DEMO_PASSPHRASE
from local.layout import DEFAULT_HOME, Layout
from local.passkeys import FilePasskeys
from local.person import Person
from local.secrets import private_folder
from local.system import System


@dataclass(frozen=True)
class Colleague:
    """One of the staff: the account at the group, the name on the staff list, and what they may do where."""

    work_id: str
    listed_as: str
    roles: Mapping[StoreName, Sequence[Role]]


ANALYST = Colleague("S-0001", "analyst-1", {"anon-data": ["analyst", "office"]})
MANAGER = Colleague("S-0002", "manager-1", {"programs": ["program-manager"]})
GUIDE = Colleague("S-0003", "guide-1", {"anon-data": ["guidance"]})
_ALL = (ANALYST, MANAGER, GUIDE)


def manager() -> FilePasskeys:
    """Return the passkeys of who runs contests: ``warifu-staff --authenticator local.colleagues:manager``."""
    return passkeys_of(_home(), MANAGER)


def guide() -> FilePasskeys:
    """Return the passkeys of who guides members: ``warifu-staff --authenticator local.colleagues:guide``."""
    return passkeys_of(_home(), GUIDE)


def passkeys_of(home: Path, one: Colleague) -> FilePasskeys:
    """Return the passkeys that a colleague has in a home."""
    return FilePasskeys(_folder(home) / f"{one.work_id}.passkeys.json")


async def hire(system: System) -> bool:
    """Bring the staff list to the stores; before the first time all make passkeys and two officers sign it, else False."""
    home, deployment = system.layout.registrar, Deployment.load(system.deployment_path)
    known = STAFF.load(home) is not None
    listed = STAFF.publish_from(home, deployment, None if known else await _proposed(system, deployment))

    async def publish() -> None:
        async with Hosts(deployment) as hosts:
            for store in STORES:
                await hosts.publish_staff(store, listed)

    await system.as_registrar(publish)
    return not known


@asynccontextmanager
async def working(layout: Layout, one: Colleague) -> AsyncIterator[StaffSession]:
    """Sign in, open sessions at the stores where somebody works, and sign out at the end."""
    deployment = Deployment.load(layout.deployment)
    async with StaffSession(deployment) as session, Person(one.work_id, DEMO_PASSPHRASE, checks=trust(deployment)) as agent:
        await session.sign_in(agent)
        for store in one.roles:
            await session.open(store, passkeys_of(layout.home, one))
        yield session
        await session.sign_out()


async def ask(layout: Layout, question: AskedQuestion) -> AnsweredQuestion:
    """Let the analyst sign in, ask anon-data, and sign out."""
    async with working(layout, ANALYST) as session:
        return await session.ask(question)


async def read_review(layout: Layout, plan: str, year: int) -> str:
    """Let the same person of the office read the review of a plan."""
    async with working(layout, ANALYST) as session:
        return await PlansDesk(session).review(plan, year)


async def _proposed(system: System, deployment: Deployment) -> Path:
    private_folder(_folder(system.layout.home))
    entries = [await _enrolled(system.layout, deployment, one) for one in _ALL]
    proposal = STAFF.propose(OfficerChain.load(system.layout.registrar, deployment), deployment, None, entries, [])
    for officer in load_officers(sorted(system.layout.officers.glob("*.key")), deployment.officers)[:2]:
        proposal, _ = STAFF.signed_by(proposal, officer)
    file = _folder(system.layout.home) / "proposal.json"
    proposal.save(file)
    return file


async def _enrolled(layout: Layout, deployment: Deployment, one: Colleague) -> StaffPasskey:
    async with StaffSession(deployment) as session, Person(one.work_id, DEMO_PASSPHRASE, checks=trust(deployment)) as agent:
        await session.sign_in(agent)
        enrolment = await session.enrol(passkeys_of(layout.home, one))
        await session.sign_out()
    return entry(one.listed_as, enrolment, one.roles)


def _folder(home: Path) -> Path:
    return home / "staff"


def _home() -> Path:
    return Path(os.environ.get("WARIFU_HOME") or DEFAULT_HOME)
