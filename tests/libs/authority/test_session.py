"""A member's call: token, proof, session; and how a session ends."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from authority.errors import EvidenceReplayed, SessionEnded
from authority.session import Session
from authority.use_cases.release import _again
from authority.use_cases.sessions import end_all
from protocol.jose import generate_p256, peek_claims
from protocol.messages.release import Rotate
from support.authorities import JSON, Device, Host, Member, Registrar, problem


@pytest.fixture
async def device(keyvault: Host) -> Device:
    """Return a device that was released to."""
    member = Member(keyvault)
    await (await Registrar(keyvault).opened()).enrol(member)
    device = member.device()
    device.open(await device.release())
    return device


async def _logout(device: Device, token: str) -> httpx.Response:
    return await device.host.client.post("/backchannel-logout", data={"logout_token": token})


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"key": generate_p256()}, "proof-refused"),
        ({"method": "GET"}, "proof-refused"),
        ({"url": "http://localhost:8103/rotation"}, "proof-refused"),
        ({"now": 1_777_600_000}, "proof-refused"),
        ({"access_token": "another"}, "proof-refused"),
    ],
    ids=["other-key", "other-method", "other-host", "old", "other-token"],
)
async def test_refused_proof(device: Device, changes: dict[str, Any], refusal: str) -> None:
    """A proof is made by the token's key for this request."""
    headers = device.headers("POST", "/rotation", **changes)
    answer = await device.host.client.post("/rotation", content=Rotate(v=1).model_dump_json(), headers=headers)

    assert problem(answer) == (401, refusal)
    assert answer.headers["www-authenticate"] == 'DPoP error="invalid_dpop_proof", algs="ES256"'


async def test_refused_token(device: Device) -> None:
    """A token is the gateway's, for this host, and not expired."""
    issuer = device.world.issuer
    tokens = [
        device.token(audience="http://localhost:8103"),
        device.token(lifetime=0),
        issuer.id_token(b"", "fictional"),
        issuer.logout_token(device.host.origin, device.sid),
        "not-a-token",
        "",
    ]
    answers = [await device.call("POST", "/rotation", Rotate(v=1), token=token or "x") for token in tokens]

    assert [problem(answer) for answer in answers] == [(401, "token-refused")] * len(tokens)
    assert answers[0].headers["www-authenticate"] == 'DPoP error="invalid_token", algs="ES256"'


async def test_missing_headers(device: Device) -> None:
    """Without a token or a proof, with a bearer token, or with two proofs, nothing is answered."""
    good = device.headers("POST", "/rotation")
    authorization = ("Authorization", good["Authorization"])
    cases = {
        "token-refused": [[], [("Authorization", good["Authorization"].replace("DPoP", "Bearer")), ("DPoP", good["DPoP"])]],
        "proof-refused": [[authorization], [authorization, ("DPoP", good["DPoP"]), ("DPoP", good["DPoP"])]],
    }
    found = {
        refusal: [
            problem(await device.host.client.post("/rotation", content='{"v":1}', headers=[*JSON.items(), *headers]))[1]
            for headers in several
        ]
        for refusal, several in cases.items()
    }

    assert found == {refusal: [refusal] * len(several) for refusal, several in cases.items()}


async def test_replayed_proof(device: Device) -> None:
    """Of equal proofs at once exactly one counts."""
    headers = device.headers("POST", "/rotation")
    answers = await asyncio.gather(*(device.host.client.post("/rotation", content='{"v":1}', headers=headers) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 5


async def test_key_rotation_of_the_gateway(device: Device) -> None:
    """A token signed by a key that was unknown a moment ago is accepted, at most ten seconds after the last look."""
    issuer = device.world.issuer
    before = issuer.fetches
    issuer.rotate()
    early = await device.call("POST", "/rotation", Rotate(v=1))
    device.world.clock.advance(timedelta(seconds=10))
    late = [await device.call("POST", "/rotation", Rotate(v=1)) for _ in range(3)]

    assert [early.status_code, *(answer.status_code for answer in late), issuer.fetches - before] == [401, 200, 200, 200, 1]


async def test_gateway_out_of_reach(device: Device) -> None:
    """Known keys are used while the gateway cannot be asked, for an hour; then the service says that it cannot answer."""
    device.world.issuer.broken = True
    device.world.clock.advance(timedelta(minutes=59))
    known = await device.call("POST", "/rotation", Rotate(v=1))
    device.world.clock.advance(timedelta(minutes=2))
    unknown = await device.call("POST", "/rotation", Rotate(v=1))

    assert known.status_code == 200
    assert problem(unknown) == (503, "unavailable")


async def test_end(device: Device) -> None:
    """After its end every call of a session is refused, and nothing tells whose it was."""
    assert (await device.call("DELETE", "/session")).status_code == 204
    answers = [
        await device.release(),
        await device.call("POST", "/rotation", Rotate(v=1)),
        await device.call("DELETE", "/session"),
    ]
    async with device.host.app.state.db.transaction("test") as tx:
        rows = await tx.run("SELECT ended, ref, jkt, statement, session_key FROM release_session")

    assert [problem(answer) for answer in answers] == [(401, "session-ended")] * 3
    assert [tuple(row) for row in rows] == [(True, None, None, None, None)]


async def test_a_call_that_was_admitted_before_the_end(device: Device) -> None:
    """A call that was admitted just before its session ended does nothing any more, and hears that it ended."""
    other = device.member.device()
    other.open(await other.release())
    state, now = device.host.app.state, device.world.now
    session = Session(device.member.ref, device.sid, device.jkt)
    assert (await device.call("DELETE", "/session")).status_code == 204

    with pytest.raises(SessionEnded):
        await end_all(state.db, state.authority, session, now)
    async with state.db.statements("test") as tx:
        with pytest.raises(SessionEnded):
            await _again(tx, session, device.statement().raw, now=now, refusal=EvidenceReplayed())
    assert (await other.call("GET", "/verifiers")).status_code == 200


async def test_a_member_who_is_erased_meanwhile(keyvault: Host) -> None:
    """Where the member is gone before the session is, nothing is released again and no key changes."""
    member = Member(keyvault)
    await (await Registrar(keyvault).opened()).enrol(member)
    device = member.device()
    request = device.request()
    device.open(await device.release(request))
    connection = await asyncpg.connect(keyvault.urls.owner_url)
    for table in ("verifier", "salt", "account"):
        await connection.execute(f"DELETE FROM {table}")
    await connection.close()
    answers = [await device.release(request), await device.call("POST", "/rotation", Rotate(v=1))]

    assert [problem(answer) for answer in answers] == [(403, "evidence-refused"), (403, "not-released")]


async def test_end_against_release(device: Device) -> None:
    """Whichever comes first when a session is released to and ended at once: afterwards it is ended."""
    found = set()
    for _ in range(8):
        other = device.member.device()
        _, ended = await asyncio.gather(other.release(), other.call("DELETE", "/session"))
        found.add((ended.status_code, problem(await other.release())))

    assert found == {(204, (401, "session-ended"))}


async def test_other_sessions_stay(device: Device) -> None:
    """The end of one session is not the end of another."""
    other = device.member.device()
    await other.call("DELETE", "/session")

    assert (await device.call("POST", "/rotation", Rotate(v=1))).status_code == 200


async def test_backchannel_logout(device: Device) -> None:
    """The gateway's logout token ends the session, as often as it comes."""
    token = device.world.issuer.logout_token(device.host.origin, device.sid)
    answers = [await _logout(device, token) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert problem(await device.call("POST", "/rotation", Rotate(v=1))) == (401, "session-ended")


@pytest.mark.parametrize(
    "changes",
    [
        {"typ": "JWT"},
        {"iss": "http://localhost:1"},
        {"audience": "http://localhost:8103"},
        {"iat": None},
        {"iat": 1_900_000_000},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"jti": None},
        {"events": None},
        {"events": {"other": {}}},
        {"nonce": "something"},
        {"sid": None},
        {"sid": "short"},
    ],
    ids="-".join,
)
async def test_refused_logout_token(device: Device, changes: dict[str, Any]) -> None:
    """A logout token is checked as OpenID Connect Back-Channel Logout 1.0 section 2.6 asks."""
    facts = {"audience": device.host.origin, "session_id": device.sid, **changes}
    token = device.world.issuer.logout_token(**facts)

    assert problem(await _logout(device, token)) == (400, "logout-refused")
    assert (await device.call("POST", "/rotation", Rotate(v=1))).status_code == 200


async def test_logout_token_by_another_key(device: Device) -> None:
    """Only the gateway ends sessions from behind."""
    issuer = device.world.issuer
    claims = peek_claims(issuer.logout_token(device.host.origin, device.sid))
    token = issuer.token("logout+jwt", claims, key=generate_p256())

    assert problem(await _logout(device, token)) == (400, "logout-refused")


async def test_logout_without_token(device: Device) -> None:
    """A form without a logout token is malformed."""
    assert problem(await device.host.client.post("/backchannel-logout", data={"other": "x"})) == (422, "malformed")
