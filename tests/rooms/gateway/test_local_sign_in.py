"""Signing in without the group's provider: the pushed request holds the member's own evidence."""

import asyncio
import os
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from protocol.code import Code
from protocol.encoding import b64u
from protocol.jose import thumbprint
from protocol.messages.release import CodeEvidence, Evidence, Release
from protocol.messages.verifiers import LetterVerifier
from protocol.release import SealedPart
from protocol.sealing import XWingPrivateKey
from protocol.statement import RELEASE, Statement
from rooms.gateway.application import REDIRECT, Application
from rooms.gateway.house import House, Member
from support.authorities import problem

DAY = 24 * 3600
SESSION_KEY = XWingPrivateKey(bytes(31) + b"s")


def letter(house: House, code: Code, **facts: Any) -> LetterVerifier:
    keys = code.keys("gateway")
    known = {"id": os.urandom(16), "handle": keys.handle, "public_key": keys.public_bytes}
    return LetterVerifier(**{**known, "expires": house.clock.timestamp() + 90 * DAY, **facts})


@pytest.fixture
async def code(house: House) -> Code:
    """Enrol a retiree with a letter."""
    code = Code.fresh()
    assert (await house.enrol(Member.new(""), verifiers=[letter(house, code)])).status_code == 200
    return code


def statement(application: Application, **changes: Any) -> Statement:
    facts: dict[str, Any] = {
        "purpose": RELEASE,
        "origins": application.house.deployment.sorted_origins,
        "now": application.house.clock.timestamp(),
        "jkt": thumbprint(application.key),
        "hpke_public": SESSION_KEY.public_bytes,
    }
    return Statement.make(**{**facts, **changes})


def proved(said: Statement, code: Code) -> Evidence:
    keys = code.keys("gateway")
    return CodeEvidence(handle=keys.handle, signature=keys.sign(said.h))


def parameters(said: Statement, evidence: Evidence) -> dict[str, Any]:
    return {"statement": b64u(said.raw), "evidence": b64u(evidence.model_dump_json().encode())}


async def pushed(application: Application, code: Code, **changes: Any) -> httpx.Response:
    said = statement(application, **changes)
    return await application.push(**parameters(said, proved(said, code)))


async def back(application: Application, request_uri: str) -> dict[str, str]:
    answer = await application.authorize(request_uri)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(REDIRECT + "?")
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


async def test_one_gesture_signs_in_and_releases(house: House, code: Code) -> None:
    """The browser goes straight back with a code, and the same evidence then releases the gateway's part, once."""
    application = Application(house)
    said = statement(application)
    evidence = proved(said, code)
    answer = await back(application, (await application.push(**parameters(said, evidence))).json()["request_uri"])
    token = (await application.redeem(answer["code"])).json()["access_token"]
    body = Release(statement=said.raw, evidence=evidence, hpke=SESSION_KEY.public_bytes).model_dump_json()
    headers = {
        "Authorization": f"DPoP {token}",
        "DPoP": application.proof("/release", token=token),
        "Content-Type": "application/json",
    }
    released = await house.client.post("/release", content=body, headers=headers)

    assert (answer["state"], answer["iss"]) == (application.state, house.origin("gateway"))
    part = SealedPart.model_validate(released.json()).open(
        SESSION_KEY, thumbprint(application.key), house.deployment.authorities["gateway"].signing
    )
    assert [share.v for share in part.shares] == [0]


async def test_the_groups_provider_may_be_down(house: House, code: Code) -> None:
    """Who signs in with evidence needs no provider, and no logout of the group ends it."""
    house.upstream.down = True
    application = Application(house)
    answer = await back(application, (await pushed(application, code)).json()["request_uri"])
    tokens = (await application.redeem(answer["code"])).json()
    kept = await house.sql("SELECT count(*) FROM group_session")

    assert ("access_token" in tokens, kept[0][0]) == (True, 0)


async def test_evidence_signs_in_once(house: House, code: Code) -> None:
    """Of many pushes with one evidence exactly one is kept."""
    application = Application(house)
    said = statement(application)
    evidence = proved(said, code)
    answers = await asyncio.gather(*(application.push(**parameters(said, evidence)) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [201] + [400] * 5
    assert {answer.json()["error"] for answer in answers if answer.status_code == 400} == {"access_denied"}


async def test_a_proved_request_works_once(house: House, code: Code) -> None:
    """One request_uri is one code."""
    application = Application(house)
    request_uri = (await pushed(application, code)).json()["request_uri"]
    answers = await asyncio.gather(*(application.authorize(request_uri) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [303] + [400] * 4


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"purpose": "add"}, "invalid_request"),
        ({"origins": ["http://localhost:1"]}, "invalid_request"),
        ({"jkt": bytes(32)}, "invalid_request"),
        ({"now": 1_700_000_000}, "invalid_request"),
    ],
    ids=["another-purpose", "other-origins", "another-dpop-key", "old"],
)
async def test_refused_statement(house: House, code: Code, changes: dict[str, Any], error: str) -> None:
    """A statement is about this request: these origins, this key, now."""
    answer = await pushed(Application(house), code, **changes)

    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_unknown_code_looks_like_a_wrong_one(house: House, code: Code) -> None:
    """The gateway tells nobody which letters exist."""
    application = Application(house)
    said = statement(application)
    keys = code.keys("gateway")
    wrong = CodeEvidence(handle=keys.handle, signature=bytes(64))
    answers = [await application.push(**parameters(said, evidence)) for evidence in (wrong, proved(said, Code.fresh()))]

    assert [answer.text for answer in answers] == [answers[0].text] * 2
    assert [answer.json()["error"] for answer in answers] == ["access_denied"] * 2


async def test_guesses_are_slowed(house: House, code: Code) -> None:
    """After ten wrong tries of a day a code is no longer looked at; others are."""
    application = Application(house)
    handle = code.keys("gateway").handle
    answers = []
    for _ in range(11):
        said = statement(application)
        answers.append(await application.push(**parameters(said, CodeEvidence(handle=handle, signature=bytes(64)))))
    other = Code.fresh()
    assert (await house.enrol(Member.new(""), verifiers=[letter(house, other)])).status_code == 200

    assert [answer.status_code for answer in answers] == [400] * 10 + [429]
    assert answers[-1].json()["error"] == "slow_down"
    assert (await pushed(application, other)).status_code == 201


@pytest.mark.parametrize(
    "changes",
    [{"statement": None}, {"evidence": None}, {"evidence": "x"}, {"statement": "AAAA"}, {"evidence": b64u(b'{"kind": "secret"}')}],
    ids=["no-statement", "no-evidence", "not-base64url", "not-a-statement", "unknown-kind"],
)
async def test_malformed_evidence(house: House, code: Code, changes: dict[str, Any]) -> None:
    """Half a proof, or none, is a malformed request."""
    application = Application(house)
    said = statement(application)
    answer = await application.push(**{**parameters(said, proved(said, code)), **changes})

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_an_expired_letter(house: House, code: Code) -> None:
    """After 90 days the letter signs nobody in."""
    house.fixed.advance(timedelta(days=90))
    answer = await pushed(Application(house), code)

    assert answer.json()["error"] == "access_denied"


async def test_a_guardian_chooses_a_child(house: House) -> None:
    """With ``place`` the group's provider signs a guardian into a child's account: another subject than the own."""
    parent = Member.new("E-0002")
    child = Member.new("E-0002")
    until = house.clock.timestamp() + DAY
    assert (await house.enrol(parent)).status_code == 200
    assert (await house.enrol(child, verifiers=[house.work_id(child, guardian_until=until)])).status_code == 200
    house.upstream.employee = "E-0002"
    subjects = []
    for place in (None, "1"):
        application = Application(house)
        await application.redeem(await application.code(place=place))
        subjects.append((await house.sql("SELECT ref FROM sign_in WHERE jkt = $1", thumbprint(application.key)))[0]["ref"])
    house.fixed.advance(timedelta(days=1))
    late = Application(house)
    page = await late.come_back(await late.returned(place="1"))

    assert subjects == [parent.gateway, child.gateway]
    assert page.status_code == 403


async def test_a_guardians_children_are_counted(house: House) -> None:
    """Each has one number from 1, in the order of their references and not of their coming; behind the last there is nobody."""
    parent, children = Member.new("E-0002"), sorted((Member.new("E-0002") for _ in range(3)), key=lambda one: one.gateway)
    until = house.clock.timestamp() + DAY
    for member in (children[2], parent, children[0], children[1]):
        way = house.work_id(member, guardian_until=None if member is parent else until)
        assert (await house.enrol(member, verifiers=[way])).status_code == 200
    house.upstream.employee = "E-0002"
    subjects = []
    for place in ("1", "2", "3"):
        application = Application(house)
        await application.redeem(await application.code(place=place))
        subjects.append((await house.sql("SELECT ref FROM sign_in WHERE jkt = $1", thumbprint(application.key)))[0]["ref"])
    beyond = Application(house)
    page = await beyond.come_back(await beyond.returned(place="4"))

    assert (subjects, page.status_code) == ([child.gateway for child in children], 403)


async def test_one_account_is_a_persons_own(house: House) -> None:
    """A work id that opens somebody's own account becomes nobody else's own, but may open a child's."""
    parent, stranger = Member.new("E-0002"), Member.new("E-0002")
    assert (await house.enrol(parent)).status_code == 200

    assert problem(await house.enrol(stranger)) == (409, "verifier-taken")


@pytest.mark.parametrize("place", ["-1", "100", "one", "１"])
async def test_a_place_is_a_small_number(house: House, place: str) -> None:
    """Anything else is a malformed request."""
    answer = await Application(house).push(place=place)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(("site", "kept"), [(None, False), ("cross-site", False), ("none", False), ("same-site", True)])
async def test_rfc9700_4_7_nobody_is_signed_in_as_somebody_else(house: House, code: Code, site: str | None, kept: bool) -> None:
    """A link to a request whose evidence somebody else pushed leaves the browser that follows it signed in with nothing.

    Only a page of our own site, such as the portal, leaves it signed in: the browser says so itself (Fetch Metadata).
    """
    application = Application(house)
    request_uri = (await pushed(application, code)).json()["request_uri"]
    params = {"client_id": "warifu-cli", "request_uri": request_uri}
    sent = await application.browse("GET", "/authorize", params=params, headers={} if site is None else {"Sec-Fetch-Site": site})
    rows = await house.sql("SELECT acr FROM browser_session")

    assert ("code=" in sent.headers["location"], bool(application.session)) == (True, kept)
    assert [row["acr"] for row in rows] == ["urn:warifu:acr:code"] * kept


async def test_access_that_ended(house: House, code: Code) -> None:
    """Whose access is over is not signed in by a letter that is still good, and hears why; nothing is used up."""
    await house.sql("UPDATE account SET access_ends = $1", house.clock.timestamp())
    application = Application(house)
    said = statement(application)
    ended = await application.push(**parameters(said, proved(said, code)))
    await house.sql("UPDATE account SET access_ends = $1", house.clock.timestamp() + 1)
    again = await application.push(**parameters(said, proved(said, code)))

    assert (ended.status_code, ended.json()) == (400, {"error": "access_denied", "error_description": "access has ended"})
    assert again.status_code == 201
