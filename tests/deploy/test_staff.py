"""Staff of a local deployment: real processes, the third party's provider, officers' files, both words at anon-data."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from local import colleagues, table
from local.errors import StepFailed
from local.group import DEMO_PASSPHRASE, STAFF_ACCOUNTS, write_accounts
from local.layout import PROCESSES
from local.person import Person
from local.system import System
from protocol.deployment import Deployment
from support.platform_authenticator import PlatformAuthenticator
from warifu import HostRefused
from warifu.staff import StaffSession

NAMES = {"group-idp", "postgres-gateway", "gateway", "postgres-anon-data", "anon-data", "postgres-programs", "programs"}
NEEDED = tuple(process for process in table.load(PROCESSES) if process.name in NAMES)
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory, find_base_port: Callable[[], int]) -> AsyncIterator[System]:
    """Run the provider, the gateway and both stores, with one of the staff and one employee who is none."""
    home = tmp_path_factory.mktemp("staff") / "home"
    for folder in (home.parent, *home.parent.parents[:2]):
        folder.chmod(0o711)
    async with System(home, find_base_port(), NEEDED) as running:
        write_accounts(running.layout, [*STAFF_ACCOUNTS, {"work_id": "E-0001", "name": "架空 花子"}])
        yield running


async def test_from_the_group_past_two_officers_and_out_again(system: System) -> None:
    """Somebody in the group's groups signs in, enrols a passkey, is listed by two officers, and reads.

    After signing out at the group itself they read no more, though their last token is good and their passkey's session was open.
    """
    deployment, analyst = Deployment.load(system.deployment_path), colleagues.ANALYST
    hired = [await colleagues.hire(system) for _ in range(2)]
    passkeys = colleagues.passkeys_of(system.layout.home, analyst)
    async with StaffSession(deployment) as session, Person(analyst.work_id, DEMO_PASSPHRASE) as agent:
        await session.sign_in(agent)
        opened = await session.open("anon-data", passkeys)
        examined = await session.examined()
        await agent.sign_out(system.group_issuer)
        refused = await _refused_soon(session)
    async with colleagues.working(system.layout, colleagues.MANAGER) as elsewhere:
        contests = await elsewhere.contests()

    assert (hired, contests) == ([True, False], ())
    assert (opened.roles, examined.years, refused) == (("analyst", "office"), (), "staff-session-needed")


async def _refused_soon(session: StaffSession) -> str:
    """Ask until the store refuses, and return its word; the gateway's tells it within a moment, and again where that fails."""
    async with asyncio.timeout(30):
        while True:
            try:
                await session.own("anon-data")
            except HostRefused as error:
                return error.type
            await asyncio.sleep(0.05)


async def test_an_employee_who_is_no_staff(system: System) -> None:
    """An employee without a group that gives a role ends at a page."""
    async with StaffSession(Deployment.load(system.deployment_path)) as session, Person("E-0001", DEMO_PASSPHRASE) as agent:
        with pytest.raises(StepFailed, match="403"):
            await session.sign_in(agent)


async def test_a_passkey_that_nobody_listed(system: System) -> None:
    """The same person with another passkey opens nothing."""
    phone = PlatformAuthenticator()
    async with StaffSession(Deployment.load(system.deployment_path)) as session, Person("S-0001", DEMO_PASSPHRASE) as agent:
        await session.sign_in(agent)
        enrolment = await session.enrol(phone)
        with pytest.raises(HostRefused, match="staff-refused"):
            await session.open("anon-data", phone, [enrolment.credential_id])
