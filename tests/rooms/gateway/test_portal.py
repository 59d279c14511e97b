"""Signing in on the portal's page, for an application: to it with a reference, back with a ticket, in one browser."""

import asyncio
import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from gateway.networks import MOST_WRONG, Networks, network_of
from gateway.routes.local_sign_in import COOKIE
from joserfc.jwk import ECKey
from protocol import dpop
from protocol.code import Code
from protocol.encoding import b64u, unb64u
from protocol.jose import generate_p256, thumbprint
from protocol.messages.release import CodeEvidence
from protocol.messages.verifiers import LetterVerifier
from protocol.statement import SIGN_IN, Statement, sign_in_body
from rooms.gateway.application import REDIRECT, Application
from rooms.gateway.house import CLIENT, PORTAL, House, Member, path_of
from rooms.gateway.insurer import Insurer

PROOF = "/local-sign-in/proof"


@dataclass
class Page:
    """The portal's page in one browser, and what that browser keeps of the gateway's."""

    house: House
    reference: str = ""
    cookie: str = ""
    key: ECKey = field(default_factory=generate_p256)

    async def begun(self, application: Application, **asked: Any) -> "Page":
        """Open the browser at the gateway."""
        request_uri = (await application.push(**asked)).json()["request_uri"]
        sent = await self.house.client.get("/local-sign-in", params={"client_id": CLIENT, "request_uri": request_uri})
        assert sent.status_code == 303, sent.text
        where, _, self.reference = sent.headers["location"].partition("#reference=")
        assert where == PORTAL + "/sign-in/"
        self.cookie = sent.headers["set-cookie"].split(";")[0]
        return self

    def statement(self, **changes: Any) -> Statement:
        facts: dict[str, Any] = {
            "purpose": SIGN_IN,
            "origins": self.house.deployment.sorted_origins,
            "now": self.house.clock.timestamp(),
            "jkt": thumbprint(self.key),
            "hpke_public": b"",
            "body": sign_in_body(unb64u(self.reference)),
        }
        return Statement.make(**{**facts, **changes})

    async def prove(self, code: Code, pin: str | None = None, origin: str | None = PORTAL, **changes: Any) -> httpx.Response:
        """Prove the statement with a code."""
        said = self.statement(**changes)
        keys = code.keys("gateway", pin)
        return await self.send(said, CodeEvidence(handle=keys.handle, signature=keys.sign(said.h)), origin)

    async def send(self, said: Statement, evidence: CodeEvidence, origin: str | None = PORTAL) -> httpx.Response:
        proof = dpop.make(self.key, "POST", self.house.origin("gateway") + PROOF, self.house.clock.timestamp())
        form = {
            "reference": self.reference,
            "statement": b64u(said.raw),
            "evidence": b64u(evidence.model_dump_json().encode()),
        }
        headers = {"DPoP": proof, **({} if origin is None else {"Origin": origin})}
        return await self.house.client.post(PROOF, data=form, headers=headers)

    async def go(self, url: str, cookie: str | None = None) -> httpx.Response:
        """Let the browser go somewhere at the gateway."""
        return await self.house.client.get(path_of(url), headers={"Cookie": self.cookie if cookie is None else cookie})


def letter(house: House, code: Code, pin: str | None = None) -> LetterVerifier:
    keys = code.keys("gateway", pin)
    expires = house.clock.timestamp() + 90 * 24 * 3600
    return LetterVerifier(id=os.urandom(16), handle=keys.handle, public_key=keys.public_bytes, expires=expires)


@pytest.fixture
async def code(house: House) -> Code:
    """Enrol a retiree with a letter."""
    code = Code.fresh()
    assert (await house.enrol(Member.new(""), verifiers=[letter(house, code)])).status_code == 200
    return code


def answered(response: httpx.Response) -> dict[str, str]:
    """Return what the application is told."""
    assert response.status_code == 303, response.text
    assert response.headers["location"].startswith(REDIRECT + "?")
    return dict(parse_qsl(urlsplit(response.headers["location"]).query))


def error(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]


async def test_a_member_without_a_work_account_signs_in_at_an_application(house: House, code: Code) -> None:
    """The application is given a code as by the group's provider, and the cookie goes."""
    application = Application(house)
    page = await Page(house).begun(application)
    back = await page.go((await page.prove(code)).json()["next"])
    told = answered(back)
    tokens = await application.redeem(told["code"])

    assert (told["state"], told["iss"]) == (application.state, house.origin("gateway"))
    assert tokens.status_code == 200, tokens.text
    assert f'{COOKIE}=""' in back.headers["set-cookie"]


async def test_another_browser_is_not_signed_in(house: House, code: Code) -> None:
    """A ticket goes on in the browser that began alone: neither without a cookie nor with the one of another sign-in."""
    page, other = [await Page(house).begun(Application(house)) for _ in range(2)]
    onwards = (await page.prove(code)).json()["next"]
    answers = [await page.go(onwards, cookie) for cookie in ("", other.cookie, f"{COOKIE}=x", page.cookie)]

    assert [answer.status_code for answer in answers] == [400, 400, 400, 303]


async def test_a_proof_is_about_one_sign_in(house: House, code: Code) -> None:
    """What somebody proved for one reference is refused for another, so a page cannot pass it on."""
    page, other = [await Page(house).begun(Application(house)) for _ in range(2)]
    said = page.statement()
    keys = code.keys("gateway")
    other.key = page.key
    stolen = await other.send(said, CodeEvidence(handle=keys.handle, signature=keys.sign(said.h)))

    assert error(stolen) == (400, "invalid_request")


async def test_references_and_tickets_work_once(house: House, code: Code) -> None:
    """Of many at one instant one is answered."""
    page = await Page(house).begun(Application(house))
    proofs = await asyncio.gather(*(page.prove(code) for _ in range(4)))
    right = [proof for proof in proofs if proof.status_code == 200]
    ways = await asyncio.gather(*(page.go(right[0].json()["next"]) for _ in range(4)))

    assert [error(proof) for proof in proofs if proof.status_code != 200] == [(400, "invalid_grant")] * 3
    assert sorted(way.status_code for way in ways) == [303, 400, 400, 400]


@pytest.mark.parametrize("origin", [None, "null", "http://localhost:8101", "http://localhost:81060", PORTAL + "/"])
async def test_only_the_portals_page_asks(house: House, code: Code, origin: str | None) -> None:
    """Whatever another page, or no page, sends is refused before it is looked at."""
    page = await Page(house).begun(Application(house))

    assert error(await page.prove(code, origin=origin)) == (400, "invalid_request")
    assert (await page.prove(code)).status_code == 200


async def test_other_pages_read_no_answer(house: House) -> None:
    """Browsers let the portal's page alone read the answer."""
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "dpop"}
    allowed = [
        (await house.client.options(PROOF, headers={**asked, "Origin": origin})).headers.get("Access-Control-Allow-Origin")
        for origin in (PORTAL, "https://other.example")
    ]

    assert allowed == [PORTAL, None]


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": "release"},
        {"origins": ["http://localhost:1"]},
        {"jkt": bytes(32)},
        {"now": 1_700_000_000},
        {"hpke_public": b"a key"},
        {"body": None},
        {"body": b"another"},
    ],
    ids=["release", "other-origins", "another-key", "old", "with-a-session-key", "about-nothing", "about-something-else"],
)
async def test_refused_statement(house: House, code: Code, changes: dict[str, Any]) -> None:
    """A statement is about this sign-in, here and now, and nothing else."""
    page = await Page(house).begun(Application(house))

    assert error(await page.prove(code, **changes)) == (400, "invalid_request")


async def test_a_wrong_proof_can_be_made_good(house: House, code: Code) -> None:
    """Who mistyped tries again on the same page; an unknown code and a wrong key look the same."""
    page = await Page(house).begun(Application(house))
    wrong = [await page.prove(Code.fresh()), await page.prove(code, pin="123456")]

    assert [answer.text for answer in wrong] == [wrong[0].text] * 2
    assert [error(answer) for answer in wrong] == [(400, "access_denied")] * 2
    assert (await page.prove(code)).status_code == 200


async def test_a_reference_and_a_ticket_end(house: House, code: Code) -> None:
    """The reference after a quarter of an hour, the ticket after a minute."""
    page, late = [await Page(house).begun(Application(house)) for _ in range(2)]
    onwards = (await page.prove(code)).json()["next"]
    house.fixed.advance(timedelta(minutes=1))
    missed = await page.go(onwards)
    house.fixed.advance(timedelta(minutes=14))

    assert missed.status_code == 400
    assert error(await late.prove(code)) == (400, "invalid_grant")


async def test_a_request_uri_leads_one_way(house: House) -> None:
    """What went to the portal does not go to the group's provider as well, nor a second time, nor for another application."""
    application = Application(house)
    request_uri = (await application.push()).json()["request_uri"]
    asked = {"client_id": "other-app", "request_uri": request_uri}
    others = await house.client.get("/local-sign-in", params=asked)
    ways = [await house.client.get("/local-sign-in", params={**asked, "client_id": CLIENT}) for _ in range(2)]

    assert others.status_code == 400
    assert [way.status_code for way in ways] == [303, 400]
    assert (await application.authorize(request_uri)).status_code == 400


async def test_the_page_is_told_whom_it_is_for(house: House) -> None:
    """The name of the application, to the portal's page alone, for as long as the reference waits."""
    page = await Page(house).begun(Application(house))

    async def asked(origin: str, reference: str) -> httpx.Response:
        return await house.client.post("/local-sign-in/application", data={"reference": reference}, headers={"Origin": origin})

    told = await asked(PORTAL, page.reference)
    assert (told.status_code, told.json()) == (200, {"application": CLIENT})
    assert error(await asked("https://other.example", page.reference)) == (400, "invalid_request")
    assert error(await asked(PORTAL, page.cookie.partition("=")[2])) == (400, "invalid_grant")


async def test_giving_up(house: House, code: Code) -> None:
    """The application is told, the reference is gone; another browser cannot give up for this one."""
    application = Application(house)
    page = await Page(house).begun(application)
    end = f"/local-sign-in/end?reference={page.reference}"
    stranger = await page.go(end, "")
    told = answered(await page.go(end))

    assert stranger.status_code == 400
    assert told == {"error": "access_denied", "state": application.state, "iss": house.origin("gateway")}
    assert error(await page.prove(code)) == (400, "invalid_grant")


async def test_giving_up_is_for_who_began_and_works_once(house: House) -> None:
    """Another sign-in's browser gives nothing up, and what is given up is not given up again."""
    page, other = [await Page(house).begun(Application(house)) for _ in range(2)]
    end = f"/local-sign-in/end?reference={page.reference}"
    answers = [await page.go(end, cookie) for cookie in (other.cookie, page.cookie, page.cookie)]

    assert [answer.status_code for answer in answers] == [400, 303, 400]
    assert ["expired" in answer.text for answer in answers] == [True, False, True]


async def test_an_application_that_is_gone_is_not_named(house: House) -> None:
    """Whoever waits for an application that the configuration has no more is told that the reference is gone."""
    page = await Page(house).begun(Application(house))
    del house.app.state.gateway.clients[CLIENT]
    told = await house.client.post("/local-sign-in/application", data={"reference": page.reference}, headers={"Origin": PORTAL})

    assert error(told) == (400, "invalid_grant")


async def test_a_letter_does_not_do_where_a_passkey_is_needed(house: House, code: Code) -> None:
    """The application is told so, and neither a code nor a signed-in browser comes of it."""
    application = Application(house)
    needed = '{"id_token": {"acr": {"essential": true, "values": ["urn:warifu:acr:passkey"]}}}'
    page = await Page(house).begun(application, claims=needed)
    told = answered(await page.go((await page.prove(code)).json()["next"]))
    left = await house.sql("SELECT 1 FROM authorization_attempt WHERE stage = 'code' UNION ALL SELECT 1 FROM browser_session")

    assert (told["error"], told["state"], left) == ("unmet_authentication_requirements", application.state, [])


async def test_ended_access_signs_nobody_in(house: House) -> None:
    """Whose access the insurer ended proves nothing with a letter either, and gets no ticket."""
    member, code = Member.new(""), Code.fresh()
    assert (await house.enrol(member, verifiers=[letter(house, code)])).status_code == 200
    await Insurer(house, [member]).access_ends(member)
    refused = await (await Page(house).begun(Application(house))).prove(code)

    assert (error(refused), refused.json()["error_description"]) == ((400, "access_denied"), "access has ended")
    assert await house.sql("SELECT 1 FROM authorization_attempt WHERE stage = 'ticket'") == []


async def test_a_proof_of_the_key_counts_once(house: House, code: Code) -> None:
    """Whoever saw the page's proof uses it with nothing of their own, and a fresh one is taken afterwards."""
    page = await Page(house).begun(Application(house))
    headers = {"Origin": PORTAL, "DPoP": dpop.make(page.key, "POST", house.origin("gateway") + PROOF, house.clock.timestamp())}
    answers = [error(await house.client.post(PROOF, data={"reference": page.reference}, headers=headers)) for _ in range(2)]

    assert answers == [(400, "invalid_request"), (400, "invalid_dpop_proof")]
    assert (await page.prove(code)).status_code == 200


async def test_without_a_proof_of_the_key(house: House) -> None:
    """The page shows that it has the key that the statement names."""
    page = await Page(house).begun(Application(house))
    form = {"reference": page.reference, "statement": "e30", "evidence": "e30"}
    answer = await house.client.post(PROOF, data=form, headers={"Origin": PORTAL})

    assert error(answer) == (400, "invalid_dpop_proof")


async def test_the_database_keeps_hashes(house: House, code: Code) -> None:
    """Neither the reference nor the cookie nor the ticket stands in a row."""
    page = await Page(house).begun(Application(house))
    before = str(await house.sql("SELECT * FROM authorization_attempt"))
    ticket = parse_qs(urlsplit((await page.prove(code)).json()["next"]).query)["ticket"][0]
    rows = before + str(await house.sql("SELECT * FROM authorization_attempt"))

    secrets = (page.reference, page.cookie.partition("=")[2], ticket)
    assert [secret for secret in secrets if secret in rows or str(unb64u(secret)) in rows] == []


async def test_a_network_is_slowed_and_nobody_is_locked_out(house: House, code: Code) -> None:
    """From a network of many wrong proofs a code has one try a day: a guesser gets no more, its owner gets in at once."""
    page = await Page(house).begun(Application(house))
    for _ in range(MOST_WRONG):
        await page.prove(Code.fresh())
    guessed = Code.fresh()
    tries = [error(await page.prove(guessed)) for _ in range(2)]

    assert tries == [(400, "access_denied"), (429, "slow_down")]
    assert (await page.prove(code)).status_code == 200


async def test_evidence_in_a_pushed_request_counts_too(house: House) -> None:
    """A guesser cannot choose another way in."""
    application, guessed = Application(house), Code.fresh().keys("gateway")
    page = await Page(house).begun(application)
    for _ in range(MOST_WRONG):
        await page.prove(Code.fresh())
    said = page.statement(purpose="release", jkt=thumbprint(application.key), body=None)
    shown = CodeEvidence(handle=guessed.handle, signature=bytes(64))
    parameters: dict[str, Any] = {"statement": b64u(said.raw), "evidence": b64u(shown.model_dump_json().encode())}
    tries = [error(await application.push(**parameters)) for _ in range(2)]

    assert tries == [(400, "access_denied"), (429, "slow_down")]


async def test_a_network_is_forgiven(house: House) -> None:
    """Ten seconds forget one wrong proof, and a right one never counts."""
    networks = Networks(house.clock)
    for _ in range(MOST_WRONG):
        networks.count("192.0.2.0/24")
    slowed = networks.slowed("192.0.2.0/24")
    house.fixed.advance(timedelta(seconds=10))
    forgiven = networks.slowed("192.0.2.0/24")
    networks.count("192.0.2.0/24")
    networks.uncount("192.0.2.0/24")

    assert (slowed, forgiven, networks.slowed("192.0.2.0/24"), networks.slowed("198.51.100.0/24")) == (True, False, False, False)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2ff:3::4", "2001:db8:1:200::/56"),
        (None, "unknown"),
        ("somewhere", "unknown"),
    ],
)
def test_networks(address: str | None, network: str) -> None:
    """A household's addresses are one network."""
    assert network_of(address) == network
