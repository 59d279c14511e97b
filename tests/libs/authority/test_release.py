"""The release: what is checked, what happens once, what a repetition gets."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from authority.store.tables import metadata
from chassis.database import Database, drift
from keyvault.app import SERVICE
from protocol.encoding import b64u
from protocol.jose import generate_p256
from protocol.messages.release import OidcEvidence, Release
from protocol.sealing import XWingPrivateKey
from support.authorities import Device, Host, Member, Registrar, World, problem, running
from support.key_stores import BOTH_STORES
from support.postgres import ThrowawayCluster

pytestmark = BOTH_STORES


@pytest.fixture
async def device(keyvault: Host) -> Device:
    """Return a device of an enrolled member."""
    member = Member(keyvault)
    answer = await (await Registrar(keyvault).opened()).enrol(member)
    assert answer.status_code == 200, answer.text
    return member.device()


async def test_answered_again(device: Device) -> None:
    """The same statement in the same session is answered again, long after its evidence expired."""
    request = device.request()
    first = device.open(await device.release(request))
    device.world.clock.advance(timedelta(hours=1))
    again = device.open(await device.release(request))

    assert first[0].exp == again[0].exp
    assert first[1] == again[1]


async def test_answer_ends_with_the_session(device: Device) -> None:
    """Nothing is answered again once the session's time is over."""
    request = device.request()
    device.open(await device.release(request))
    device.world.clock.advance(timedelta(hours=8))

    assert problem(await device.release(request)) == (403, "not-released")


async def test_second_release_in_a_session(device: Device) -> None:
    """Another statement in the same session is refused, good evidence or not."""
    device.open(await device.release())
    answers = [await device.release(), await device.release(device.request(nonce="another"))]

    assert [problem(answer) for answer in answers] == [(409, "already-released-in-session")] * 2


async def test_same_release_at_once(device: Device) -> None:
    """A release sent many times at once is one release, answered every time."""
    request = device.request()
    answers = await asyncio.gather(*(device.release(request) for _ in range(8)))

    assert len({device.open(answer)[1] for answer in answers}) == 1


async def test_same_evidence_in_two_sessions(device: Device) -> None:
    """Of several sessions that use one evidence at once exactly one is answered."""
    request = device.request()
    tokens = [device.token(sid=bytes([n]) * 16) for n in range(6)]
    answers = await asyncio.gather(*(device.release(request, token=token) for token in tokens))
    refused = [answer for answer in answers if answer.status_code != 200]

    assert len(refused) == 5
    assert {problem(answer) for answer in refused} == {(409, "evidence-replayed")}


async def test_several_sessions(device: Device) -> None:
    """Each session has a release of its own, on evidence of its own."""
    devices = [device.member.device() for _ in range(5)]
    answers = await asyncio.gather(*(each.release() for each in devices))

    assert len({each.open(answer)[1] for each, answer in zip(devices, answers, strict=True)}) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": "recover"},
        {"origins": ["http://localhost:1"]},
        {"jkt": bytes(32)},
        {"hpke_public": bytes(1216)},
        {"now": 1_777_600_000},
    ],
    ids=["other-purpose", "other-origins", "other-dpop-key", "other-session-key", "old"],
)
async def test_refused_statement(device: Device, changes: dict[str, Any]) -> None:
    """A statement is about this session at these origins, and fresh."""
    assert problem(await device.release(device.request(device.statement(**changes)))) == (400, "statement-refused")


async def test_statement_that_is_none(device: Device) -> None:
    """Bytes that are no statement are refused."""
    request = device.request().model_copy(update={"statement": b"{}"})

    assert problem(await device.release(request)) == (400, "statement-refused")


@pytest.mark.parametrize("curve", [b"\xff" * 32, bytes(32)], ids=["none", "low-order"])
async def test_session_key_that_is_none(device: Device, curve: bytes) -> None:
    """A session key that is no X-Wing key uses nothing up."""
    bad = (b"\xff" * 1184 if any(curve) else device.hpke.public_bytes[:1184]) + curve
    request = device.request(device.statement(hpke_public=bad)).model_copy(update={"hpke": bad})

    assert problem(await device.release(request)) == (400, "statement-refused")
    assert (await device.release()).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "gateway-client"},
        {"aud": ["evidence-of-tests", "gateway-client"]},
        {"azp": "gateway-client"},
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "http://localhost:1"},
        {"exp": 1_777_600_000},
        {"iat": 1_777_600_000},
        {"sub": None},
        {"email": "fictional@example.org"},
    ],
    ids="-".join,
)
async def test_refused_id_token(device: Device, claims: dict[str, Any]) -> None:
    """An ID token is fresh, for the evidence client alone, about this statement, and says no more than it must."""
    statement = device.statement()
    answer = await device.release(device.request(statement, **claims))

    assert problem(answer) == (403, "evidence-refused")
    assert answer.json()["reason"] == "token"
    assert (await device.release(device.request(statement))).status_code == 200


async def test_expired_evidence(device: Device) -> None:
    """Evidence is accepted for two minutes."""
    request = device.request()
    device.world.clock.advance(timedelta(seconds=121))

    assert problem(await device.release(request)) == (403, "evidence-refused")


@pytest.mark.parametrize("typ", ["at+jwt", "logout+jwt"])
async def test_other_token_of_the_provider(device: Device, typ: str) -> None:
    """A token of another type is not evidence, whatever it says."""
    statement = device.statement()
    issuer, now = device.world.issuer, device.world.now
    claims = {"iss": issuer.origin, "aud": "evidence-of-tests", "sub": device.member.subject, "nonce": b64u(statement.h)}
    token = issuer.token(typ, {**claims, "iat": now, "exp": now + 300})
    request = Release(statement=statement.raw, evidence=OidcEvidence(id_token=token), hpke=device.hpke.public_bytes)

    assert problem(await device.release(request)) == (403, "evidence-refused")


async def test_id_token_by_another_key(device: Device) -> None:
    """The provider's published key signs evidence, no other."""
    statement = device.statement()
    issuer, now = device.world.issuer, device.world.now
    claims = {"iss": issuer.origin, "aud": "evidence-of-tests", "sub": device.member.subject, "nonce": b64u(statement.h)}
    token = issuer.token("JWT", {**claims, "iat": now, "exp": now + 300}, key=generate_p256())
    request = Release(statement=statement.raw, evidence=OidcEvidence(id_token=token), hpke=device.hpke.public_bytes)

    assert problem(await device.release(request)) == (403, "evidence-refused")


async def test_evidence_of_another_member(device: Device) -> None:
    """A token for one member with evidence of another releases nothing: a gateway that mints tokens gains nothing."""
    other = Member(device.host, "fictional-other")
    await (await Registrar(device.host).opened()).enrol(other)
    answer = await device.release(device.request(subject=other.subject))

    assert problem(answer) == (403, "evidence-refused")
    assert answer.json()["reason"] == "verifier"


async def test_unknown_reference(device: Device) -> None:
    """A reference that was never enrolled looks like a wrong verifier."""
    assert problem(await device.release(token=device.token(ref=bytes(16)))) == (403, "evidence-refused")


async def test_another_devices_session_key(device: Device) -> None:
    """Evidence that somebody else's device prepared is not released to this session's key."""
    request = device.request().model_copy(update={"hpke": XWingPrivateKey.generate().public_bytes})

    assert problem(await device.release(request)) == (400, "statement-refused")


async def test_cap(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """A member's releases of a day end at the cap, also when they come at once; the next day begins anew."""
    async with running(world, SERVICE, cluster, tmp_path, "releases_per_day = 3") as host:
        member = Member(host)
        await (await Registrar(host).opened()).enrol(member)
        devices = [member.device() for _ in range(6)]
        answers = await asyncio.gather(*(each.release() for each in devices))
        refused = [answer for answer in answers if answer.status_code != 200]
        assert [problem(answer) for answer in refused] == [(429, "release-cap")] * 3
        world.clock.advance(timedelta(days=1))
        answer = await member.device().release()

    assert answer.status_code == 200


async def test_refused_release_uses_nothing_up(device: Device) -> None:
    """A refusal leaves evidence, counter and session as they were."""
    await device.release(device.request(subject="fictional-unknown"))
    async with device.host.app.state.db.transaction("test") as tx:
        rows = await tx.run(
            "SELECT (SELECT count(*) FROM evidence_nonce) + (SELECT count(*) FROM release_count)"
            " + (SELECT count(*) FROM release_session) + (SELECT count(*) FROM account WHERE ever_released) AS n"
        )

    assert rows[0]["n"] == 0


async def test_drift(keyvault: Host) -> None:
    """The store's tables are those of the migration."""
    db = await Database.open(keyvault.urls.runtime_url)

    assert await drift(db, metadata) == []
    await db.close()


async def test_purge(device: Device) -> None:
    """Nothing that says when a member came outlives a day."""
    device.open(await device.release())
    state = device.host.app.state
    counts = (
        "SELECT (SELECT count(*) FROM evidence_nonce), (SELECT count(*) FROM release_count), (SELECT count(*) FROM release_session)"
    )
    found = []
    for days in (0, 1):
        device.world.clock.advance(timedelta(days=days))
        for hook in SERVICE.purge:
            await hook(state.db, state.clock.now())
        async with state.db.transaction("test") as tx:
            found.append(tuple((await tx.run(counts))[0]))

    assert found == [(1, 1, 1), (0, 0, 0)]
