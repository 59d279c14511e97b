"""The SDK for staff, at a real gateway and a real anon-data: from the first sign-in past two officers to a number."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from anon_data.app import SERVICE
from anon_data.config import AnonDataConfig
from chassis.app import create_app
from chassis.config import DatabaseConfig
from protocol.messages.analysis import AskedQuestion
from protocol.messages.comparisons import AskedComparison, AskedTrend
from protocol.messages.member_messages import Segment, SendMessage, Words
from protocol.messages.staff import PutStaffList, StaffEnrolment
from protocol.staff import SignedStaffList, StaffGrant, StaffList, StaffPasskey
from rooms.gateway.house import OFFICERS, House
from support.platform_authenticator import PlatformAuthenticator
from support.postgres import ThrowawayCluster
from warifu import HostRefused, SessionEnded, SignInFailed
from warifu.staff import StaffSession
from warifu.staff_cli import lines


class Agent:
    """The browser of somebody of the staff."""

    redirect_uri = "http://127.0.0.1:49154/callback"

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def visit(self, url: str) -> Mapping[str, str]:
        """Follow redirects to the application; a page that leads nowhere ends it."""
        cookies: dict[str, str] = {}
        while not url.startswith(self.redirect_uri):
            answer = await self.http.get(url, headers={"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())})
            if "location" not in answer.headers:
                raise SignInFailed("a page")
            cookies |= dict(answer.cookies)
            url = str(answer.headers["location"])
        return dict(httpx.URL(url).params)


@pytest.fixture
async def http(house: House, cluster: ThrowawayCluster, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Serve anon-data beside the house's gateway, and reach both by their origins."""
    urls = cluster.database_of(SERVICE)
    (tmp_path / "deployment.json").write_text(house.deployment.model_dump_json())
    _, runtime = urls.write(tmp_path)
    config = AnonDataConfig.model_validate(
        {
            "host": "anon-data",
            "bind": "127.0.0.1:0",
            "deployment_file": tmp_path / "deployment.json",
            "database": DatabaseConfig(url_file=runtime),
        }
    )
    store = create_app(SERVICE, config, clock=house.clock)
    mounts = {
        house.origin("gateway"): httpx.ASGITransport(house.app),
        house.origin("anon-data"): httpx.ASGITransport(store),
    }
    async with store.router.lifespan_context(store), httpx.AsyncClient(mounts=mounts) as client:
        yield client
    cluster.drop_database(urls)


async def listed(house: House, http: httpx.AsyncClient, enrolment: StaffEnrolment) -> None:
    """Let two officers list a colleague as an analyst at anon-data."""
    grant = StaffGrant(subject=enrolment.subjects["anon-data"], roles=("analyst",))
    entry = StaffPasskey(
        id="desk-1", credential_id=enrolment.credential_id, public_key=enrolment.public_key, stores={"anon-data": grant}
    )
    signed = SignedStaffList.draft(StaffList(number=1, officers=1, passkeys=(entry,)), house.deployment.sorted_origins)
    for name, key in OFFICERS.items():
        signed = signed.signed_by(name, key)
    body = PutStaffList(staff=signed.raw, signatures=signed.signatures).model_dump_json()
    answer = await http.put(house.origin("anon-data") + "/staff/list", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 201, answer.text


async def test_from_the_first_sign_in_to_a_number(house: House, http: httpx.AsyncClient) -> None:
    """A colleague signs in, enrols a passkey, is listed, opens a session and reads; after signing out nothing is read."""
    house.upstream.claims = {"groups": ["g-analysts"]}
    phone = PlatformAuthenticator()
    async with StaffSession(house.deployment, http=http, clock=house.clock.timestamp) as session:
        await session.sign_in(Agent(http))
        enrolment = await session.enrol(phone)
        with pytest.raises(HostRefused, match="staff-refused"):
            await session.open("anon-data", phone, [enrolment.credential_id])
        await listed(house, http, enrolment)
        opened = await session.open("anon-data", phone, [enrolment.credential_id])
        own, examined = await session.own("anon-data"), await session.examined()
        await session.sign_out()
        with pytest.raises(SessionEnded):
            await session.examined()

    assert (opened.roles, own.passkey, own.roles, examined.years) == (("analyst",), "desk-1", ("analyst",), ())


async def test_questions(house: House, http: httpx.AsyncClient) -> None:
    """An analyst is told what can be asked; where no snapshot is kept no question is answered."""
    house.upstream.claims = {"groups": ["g-analysts"]}
    phone = PlatformAuthenticator()
    question = AskedQuestion(measure="smoking", by=("sex",))
    async with StaffSession(house.deployment, http=http, clock=house.clock.timestamp) as session:
        await session.sign_in(Agent(http))
        enrolment = await session.enrol(phone)
        await listed(house, http, enrolment)
        await session.open("anon-data", phone, [enrolment.credential_id])
        askable = await session.askable()
        for ask in (session.ask, session.ask_table, session.ask_arrow):
            with pytest.raises(HostRefused, match="no-snapshot"):
                await ask(question)
        for compare in (session.compare, session.compare_table):
            with pytest.raises(HostRefused, match="no-snapshot"):
                await compare(AskedComparison(of=AskedTrend(measure="smoking")))

    assert {"smoking", "checkup-rate"} <= {measure.name for measure in askable.measures}
    assert "guidance" in {funnel.name for funnel in askable.funnels}


async def test_messages(house: House, http: httpx.AsyncClient) -> None:
    """An analyst writes by criteria: to whom nobody fits nothing is sent, and nothing is counted."""
    house.upstream.claims = {"groups": ["g-analysts"]}
    phone = PlatformAuthenticator()
    words = Words(title="健診のご案内", body="今年度の健診をお受けください。")
    until = house.clock.now().date() + timedelta(days=30)
    async with StaffSession(house.deployment, http=http, clock=house.clock.timestamp) as session:
        await session.sign_in(Agent(http))
        enrolment = await session.enrol(phone)
        await listed(house, http, enrolment)
        await session.open("anon-data", phone, [enrolment.credential_id])
        with pytest.raises(HostRefused, match="message-refused"):
            await session.send_message(SendMessage(id=bytes(16), ja=words, until=until, to=Segment(no_checkup_in=2026)))
        counts = await session.count_messages([bytes(16)])

    assert counts == ()


async def test_no_role(house: House, http: httpx.AsyncClient) -> None:
    """Whoever has no role ends at a page, and has no session."""
    house.upstream.claims = {"groups": ["g-somebody"]}
    async with StaffSession(house.deployment, http=http, clock=house.clock.timestamp) as session:
        with pytest.raises(SignInFailed):
            await session.sign_in(Agent(http))
        with pytest.raises(SessionEnded):
            await session.examined()


async def test_command_lists_and_ends(house: House, http: httpx.AsyncClient) -> None:
    """The command says where somebody is signed in, and ends all of it; another computer's sign-in has ended then."""
    house.upstream.claims = {"groups": ["g-analysts"]}
    clock = house.clock.timestamp
    async with StaffSession(house.deployment, http=http, clock=clock) as desk:
        await desk.sign_in(Agent(http))
        async with StaffSession(house.deployment, http=http, clock=clock) as session:
            said = await lines(session, Agent(http), end=False)
        async with StaffSession(house.deployment, http=http, clock=clock) as session:
            ended = await lines(session, Agent(http), end=True)
            with pytest.raises(SessionEnded):
                await session.sign_ins()
        with pytest.raises(HostRefused, match="invalid_grant"):
            await desk.sign_ins()

    assert [line.startswith("warifu-staff-cli: analyst, until ") for line in said] == [True, True]
    assert sorted(line.endswith("(this one)") for line in said) == [False, True]
    assert (len(ended), ended[-1]) == (3, "signed out everywhere")
