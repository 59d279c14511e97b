"""A call of staff needs both: the gateway's word, and a session that a passkey of the officers' list opened."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from protocol import dpop
from protocol.jose import generate_p256, thumbprint
from protocol.signing import SigningKey
from protocol.staff import SESSION_LIFETIME, StaffGrant, StaffStatement
from protocol.staff_logout import StaffLogout, session_id
from support.office import Colleague, put_list, signed_list, staffed
from support.store_host import GATEWAY, ORIGINS, StoreHost, problem

OWN = "/staff/session"
SOMEBODY = SigningKey(bytes(31) + b"x")


async def test_token_and_passkey_together(host: StoreHost) -> None:
    """A listed passkey opens a session; calls with the gateway's token and the session's key are then admitted."""
    colleague = Colleague("desk-1", roles=("analyst", "office"))
    await staffed(host, colleague)
    answer = await colleague.call(host, "GET", OWN)

    assert (answer.status_code, answer.json()) == (200, {"passkey": "desk-1", "roles": ["analyst", "office"]})


async def test_gateway_alone(host: StoreHost) -> None:
    """Whatever the gateway signs, without a passkey's session no call is admitted: a seized gateway makes no analyst."""
    colleague = Colleague("desk-1")
    await put_list(host, signed_list(colleague.listed(host.store)))
    before = await colleague.call(host, "GET", OWN)
    thief = replace(colleague, key=generate_p256())
    passkey_of_thief = Colleague("desk-1", subject=colleague.subject)
    opened = [await one.open(host) for one in (passkey_of_thief, Colleague("desk-2"))]

    assert [problem(answer) for answer in (before, await thief.call(host, "GET", OWN))] == [(401, "staff-session-needed")] * 2
    assert [problem(answer) for answer in opened] == [(403, "staff-refused")] * 2


async def test_passkey_alone(host: StoreHost) -> None:
    """A listed passkey without a token of the gateway for this subject, store and key opens nothing."""
    colleague = Colleague("desk-1")
    await put_list(host, signed_list(colleague.listed(host.store)))
    now = host.clock.timestamp()
    wrong: dict[str, dict[str, Any]] = {
        "another-signer": {"signer": SOMEBODY},
        "another-issuer": {"iss": ORIGINS["keyvault"]},
        "another-audience": {"aud": ORIGINS["gateway"]},
        "expired": {"iat": now - 300, "exp": now},
        "too-long": {"exp": now + 301},
    }
    answers = {name: await colleague.open(host, token=colleague.token(host, **changes)) for name, changes in wrong.items()}
    other_key = await colleague.open(host, token=colleague.token(host, jkt=bytes(32)))
    other_subject = await colleague.open(host, token=colleague.token(host, sub=bytes(32)))
    bare = await host.client.post("/staff/sessions", content=colleague.opening(host).model_dump_json())

    assert {name: problem(answer) for name, answer in answers.items()} == dict.fromkeys(wrong, (401, "staff-token-refused"))
    assert [problem(answer) for answer in (other_key, other_subject, bare)] == [
        (401, "staff-proof-refused"),
        (403, "staff-refused"),
        (401, "staff-token-refused"),
    ]


@pytest.mark.parametrize("what", ["user-not-verified", "in-a-frame", "another-host", "old", "another-key", "members-portal"])
async def test_refused_passkey(host: StoreHost, what: str) -> None:
    """An assertion counts only from the staff's page, its user verified, for this store, this key, and now."""
    colleague = Colleague("desk-1")
    await put_list(host, signed_list(colleague.listed(host.store)))
    now, jkt, origin = host.clock.timestamp(), thumbprint(colleague.key), ORIGINS[host.store]
    statement = StaffStatement.make(origin, now, jkt)
    match what:
        case "user-not-verified":
            colleague.authenticator.verifies_user = False
        case "in-a-frame":
            colleague.authenticator.cross_origin = True
        case "another-host":
            statement = StaffStatement.make(ORIGINS["programs" if host.store == "anon-data" else "anon-data"], now, jkt)
        case "old":
            statement = StaffStatement.make(origin, now - 121, jkt)
        case "another-key":
            statement = StaffStatement.make(origin, now, bytes(32))
        case _:
            pass
    request = colleague.opening(host, statement)
    if what == "members-portal":
        colleague.authenticator.credentials[colleague.credential.credential_id] = (
            "localhost",
            *colleague.authenticator.credentials[colleague.credential.credential_id][1:],
        )
        made = colleague.authenticator.assertion("localhost", "http://localhost:8106", statement.h)
        evidence = request.evidence.model_copy(
            update={
                "authenticator_data": made.authenticator_data,
                "client_data": made.client_data,
                "signature": made.signature,
            }
        )
        request = request.model_copy(update={"evidence": evidence})

    assert problem(await colleague.open(host, request)) == (403, "staff-refused")


async def test_a_statement_counts_once(host: StoreHost) -> None:
    """The same statement and assertion open nothing again, not even for the same key."""
    colleague = Colleague("desk-1")
    await put_list(host, signed_list(colleague.listed(host.store)))
    request = colleague.opening(host)
    answers = [await colleague.open(host, request) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 403]


async def test_a_proof_counts_once(host: StoreHost) -> None:
    """A call that was seen is refused when it comes again."""
    colleague = Colleague("desk-1")
    await staffed(host, colleague)
    headers = colleague.headers(host, "GET", OWN)
    answers = [await colleague.call(host, "GET", OWN, headers=headers) for _ in range(2)]

    assert (answers[0].status_code, problem(answers[1])) == (200, (401, "staff-proof-refused"))


async def test_every_call_is_proved(host: StoreHost) -> None:
    """An open session is of no use with another key, another method, another URL, or without a proof."""
    colleague = Colleague("desk-1")
    await staffed(host, colleague)
    token, now = colleague.token(host), host.clock.timestamp()
    url = ORIGINS[host.store] + OWN
    proofs = [
        dpop.make(generate_p256(), "GET", url, now, token),
        dpop.make(colleague.key, "DELETE", url, now, token),
        dpop.make(colleague.key, "GET", url + "s", now, token),
        dpop.make(colleague.key, "GET", url, now - 121, token),
        dpop.make(colleague.key, "GET", url, now),
    ]
    headers: list[dict[str, str]] = [{"DPoP": proof} for proof in proofs] + [{}]
    answers = [await host.client.get(OWN, headers={"Authorization": f"DPoP {token}", **one}) for one in headers]

    assert [problem(answer) for answer in answers] == [(401, "staff-proof-refused")] * 6


async def test_roles_are_what_both_say(host: StoreHost) -> None:
    """A role that only the list or only the gateway names is none."""
    colleague = Colleague("desk-1", roles=("analyst", "office"))
    await staffed(host, colleague)
    fewer = await colleague.call(host, "GET", OWN, token=colleague.token(host, roles=("office", "program-manager")))
    none = await colleague.call(host, "GET", OWN, token=colleague.token(host, roles=("program-manager",)))

    assert (fewer.json()["roles"], problem(none)) == (["office"], (403, "staff-role"))


async def test_no_role_opens_nothing(host: StoreHost) -> None:
    """Where list and gateway name no common role, no session opens."""
    colleague = Colleague("desk-1")
    await put_list(host, signed_list(colleague.listed(host.store)))

    assert problem(await colleague.open(host, token=colleague.token(host, roles=("office",)))) == (403, "staff-role")


async def test_a_list_for_the_other_store(host: StoreHost) -> None:
    """A passkey that is listed for the other store alone opens nothing here."""
    colleague = Colleague("desk-1")
    other = "programs" if host.store == "anon-data" else "anon-data"
    elsewhere = {other: StaffGrant(subject=colleague.subject, roles=("analyst",))}
    await put_list(host, signed_list(colleague.listed(host.store, stores=elsewhere)))

    assert problem(await colleague.open(host)) == (403, "staff-refused")


async def test_without_a_staff_portal(host: StoreHost) -> None:
    """Where the deployment has no page for staff, no passkey opens a session, listed or not."""
    colleague = Colleague("desk-1")
    await put_list(host, signed_list(colleague.listed(host.store)))
    deployed = host.app.state.deployed
    alone = deployed.deployment.model_copy(update={"staff_portal": None})
    host.app.state.deployed = replace(deployed, deployment=alone)

    assert problem(await colleague.open(host)) == (403, "staff-refused")
    assert await host.rows("SELECT FROM staff_session") == []


async def test_sessions_end(host: StoreHost) -> None:
    """A session ends after its time, by its holder's word, by the seal, and by a new list that still names its passkey."""
    colleague = Colleague("desk-1")
    await staffed(host, colleague)
    host.clock.advance(timedelta(seconds=SESSION_LIFETIME))
    ended = [problem(await colleague.call(host, "GET", OWN))]
    await colleague.open(host)
    assert (await colleague.call(host, "DELETE", OWN)).status_code == 204
    ended.append(problem(await colleague.call(host, "GET", OWN)))
    await colleague.open(host)
    await host.seal()
    ended.append(problem(await colleague.call(host, "GET", OWN)))
    await colleague.open(host)
    await put_list(host, signed_list(colleague.listed(host.store), number=2))
    ended.append(problem(await colleague.call(host, "GET", OWN)))

    assert ended == [(401, "staff-session-needed")] * 4


async def test_what_a_session_leaves(host: StoreHost) -> None:
    """A session is a hash and a plain word in an unlogged table, and after a seal nothing."""
    colleague = Colleague("desk-1")
    await staffed(host, colleague)
    rows = await host.rows("SELECT id, passkey FROM staff_session")
    unlogged = await host.rows("SELECT relpersistence FROM pg_class WHERE relname = 'staff_session'")
    await host.seal()
    left = await host.rows("SELECT count(*) AS rows, pg_relation_size('staff_session') AS bytes FROM staff_session")

    assert [(row["passkey"], row["id"] in (thumbprint(colleague.key), colleague.subject)) for row in rows] == [("desk-1", False)]
    assert (unlogged[0]["relpersistence"], left[0]["rows"], left[0]["bytes"]) == (b"u", 0, 0)


async def test_garbage_is_refused(host: StoreHost) -> None:
    """Tokens that are none are refused alike, whatever is wrong with them."""
    colleague = Colleague("desk-1")
    whole = colleague.token(host)
    body, _, signature = whole.partition(".")
    texts = [
        "",
        "x",
        body,
        f"{body}.",
        f".{signature}",
        f"{body}.{signature}.",
        f"{body[:-1]}.{signature}",
        "A" * 5000,
        whole + "=",
    ]
    answers = [await colleague.call(host, "GET", OWN, token=text or " ") for text in texts]

    assert {problem(answer) for answer in answers} == {(401, "staff-token-refused")}


async def test_gateway_says_that_it_is_over(host: StoreHost) -> None:
    """The session that the gateway's logout token names ends, and no other; tokens of others and old ones end nothing."""
    colleague, other = Colleague("desk-1"), Colleague("desk-2")
    await staffed(host, colleague, other)
    session, now = session_id(thumbprint(colleague.key), colleague.subject), host.clock.timestamp()
    good = StaffLogout(iss=ORIGINS["gateway"], aud=ORIGINS[host.store], session=session, iat=now)
    wrong = [
        good.encode(SOMEBODY),
        good.model_copy(update={"aud": ORIGINS["keyvault"]}).encode(GATEWAY),
        good.model_copy(update={"iss": ORIGINS["keyvault"]}).encode(GATEWAY),
        good.model_copy(update={"iat": now - 121}).encode(GATEWAY),
        colleague.token(host),
        "x",
    ]
    refused = [await host.client.post("/staff/logout", json={"logout_token": token}) for token in wrong]
    before = (await colleague.call(host, "GET", OWN)).status_code
    told = [(await host.client.post("/staff/logout", json={"logout_token": good.encode(GATEWAY)})).status_code for _ in range(2)]

    assert ([problem(answer) for answer in refused], before) == ([(400, "staff-logout-refused")] * 6, 200)
    assert (told, problem(await colleague.call(host, "GET", OWN))) == ([204, 204], (401, "staff-session-needed"))
    assert (await other.call(host, "GET", OWN)).status_code == 200
