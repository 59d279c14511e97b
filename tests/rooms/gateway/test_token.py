"""Codes and refresh tokens: single use, bound to key, application, redirect and verifier; replay ends the session."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from protocol.jose import generate_p256
from rooms.gateway.application import Application
from rooms.gateway.house import House


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code_verifier": None}, "invalid_grant"),
        ({"code_verifier": "v" * 43}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_grant"),
        ({"code_verifier": "v" * 129}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:49153/callback"}, "invalid_grant"),
        ({"client_id": "other-app"}, "invalid_grant"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"code": "A" * 43}, "invalid_grant"),
        ({"code": "%"}, "invalid_grant"),
        ({"code": None}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": None}, "unsupported_grant_type"),
        ({"scope": "openid email"}, "invalid_scope"),
        ({"resource": "http://localhost:8104"}, "invalid_target"),
        ({"resource": ["http://localhost:8101", "http://localhost:8101"]}, "invalid_target"),
        ({"headers": {}}, "invalid_dpop_proof"),
        ({"headers": {"DPoP": "x.y.z"}}, "invalid_dpop_proof"),
    ],
)
async def test_code_refusal(shared: House, change: dict[str, Any], error: str) -> None:
    """A code redeemed by anybody else, or for anything else, than it was made for."""
    application = Application(shared)
    answer = await application.redeem(await application.code(), **change)

    assert (answer.json()["error"], "marker" in answer.text) == (error, False)


async def test_code_of_another_session_is_refused(shared: House) -> None:
    """A code injected into another application's session does not fit its verifier and key (RFC 9700 section 4.5)."""
    victim, thief = Application(shared), Application(shared)
    answer = await thief.redeem(await victim.code())

    assert answer.json()["error"] == "invalid_grant"


@pytest.mark.parametrize("change", [{"code_verifier": "v" * 43}, {"key": generate_p256()}])
async def test_failed_try_burns_the_code(shared: House, change: dict[str, Any]) -> None:
    """After one wrong try a code is worth nothing to its owner either."""
    application = Application(shared)
    code = await application.code()
    statuses = [(await application.redeem(code, **given)).status_code for given in (change, {})]

    assert statuses == [400, 400]


async def test_code_lives_a_minute(house: House) -> None:
    """A code of a minute ago is over."""
    application = Application(house)
    code = await application.code()
    house.fixed.advance(timedelta(seconds=60))

    assert (await application.redeem(code)).json()["error"] == "invalid_grant"


async def test_replayed_code_ends_the_session(house: House) -> None:
    """The second use of a code is refused, ends what the first one made, and both other authorities hear of it."""
    application, thief = Application(house), Application(house)
    code = await application.code()
    first = (await application.redeem(code)).json()
    second = (await thief.redeem(code)).status_code
    refreshed = (await application.refresh(first["refresh_token"])).json()
    signed_out = await application.sign_out(first["access_token"])
    waiting = await house.sql("SELECT count(*) FROM logout_outbox")

    assert (second, refreshed["error"], signed_out.json()["type"], waiting[0][0]) == (400, "invalid_grant", "session-ended", 2)


async def test_replay_is_seen_as_long_as_the_session_lasts(house: House) -> None:
    """A code that comes again hours later still ends the session."""
    application = Application(house)
    code = await application.code()
    first = (await application.redeem(code)).json()
    for _ in range(4):
        house.fixed.advance(timedelta(minutes=29))
        assert (await application.refresh(first["refresh_token"])).status_code == 200
    await application.redeem(code)

    assert (await application.refresh(first["refresh_token"])).status_code == 400


async def test_one_of_eight_at_once_wins(house: House) -> None:
    """Eight redemptions of one code at once: exactly one answer with tokens, and the replays end its session."""
    application = Application(house)
    code = await application.code()
    answers = await asyncio.gather(*(application.redeem(code) for _ in range(8)))
    sessions = await house.sql("SELECT count(*) FROM sign_in")

    assert (sorted(answer.status_code for answer in answers), sessions[0][0]) == ([200] + [400] * 7, 0)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"key": generate_p256()}, "invalid_grant"),
        ({"client_id": "other-app"}, "invalid_grant"),
        ({"refresh_token": "A" * 43}, "invalid_grant"),
        ({"refresh_token": None}, "invalid_grant"),
        ({"resource": "http://localhost:8105"}, "invalid_target"),
        ({"resource": "https://evil.example"}, "invalid_target"),
        ({"resource": ["http://localhost:8101", "http://localhost:8101"]}, "invalid_target"),
        ({"scope": "openid offline_access"}, "invalid_scope"),
        ({"headers": {}}, "invalid_dpop_proof"),
    ],
)
async def test_refresh_refusal(shared: House, change: dict[str, Any], error: str) -> None:
    """A refresh token is its application's and key's own, and never gives more than was granted."""
    application = Application(shared)
    token = (await application.sign_in())["refresh_token"]
    answer = await application.refresh(token, **change)

    assert answer.json()["error"] == error


async def test_only_pushed_resources_are_given(shared: House) -> None:
    """A session that named one authority gets no token for another."""
    application = Application(shared)
    only = shared.origin("keyvault")
    code = await application.code(resource=only)
    token = (await application.redeem(code, resource=only)).json()["refresh_token"]
    errors = [
        (await application.refresh(token, resource=shared.origin(host))).json().get("error") for host in ("keyvault", "identity")
    ]

    assert errors == [None, "invalid_target"]


async def test_refreshes_at_once_all_work(shared: House) -> None:
    """Eight tabs that refresh at once are no thieves: nothing is rotated."""
    application = Application(shared)
    token = (await application.sign_in())["refresh_token"]
    answers = await asyncio.gather(*(application.refresh(token) for _ in range(8)))

    assert {answer.status_code for answer in answers} == {200}


async def test_one_proof_used_eight_times_at_once_counts_once(shared: House) -> None:
    """The same proof eight times at once: one answer."""
    application = Application(shared)
    token = (await application.sign_in())["refresh_token"]
    headers = {"DPoP": application.proof("/token")}
    answers = await asyncio.gather(*(application.refresh(token, headers=headers) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7


async def test_idle_session_ends(house: House) -> None:
    """After half an hour without a refresh the session is over."""
    application = Application(house)
    token = (await application.sign_in())["refresh_token"]
    house.fixed.advance(timedelta(minutes=30))

    assert (await application.refresh(token)).json()["error"] == "invalid_grant"


async def test_session_lasts_eight_hours_at_most(house: House) -> None:
    """However often it is refreshed, a session is over after eight hours; its last token does not outlive it."""
    application = Application(house)
    token = (await application.sign_in())["refresh_token"]
    lifetimes: list[int] = []
    for _ in range(20):
        house.fixed.advance(timedelta(minutes=25) if len(lifetimes) < 19 else timedelta(minutes=4))
        lifetimes.append((await application.refresh(token)).json().get("expires_in"))
    house.fixed.advance(timedelta(minutes=1))

    assert (lifetimes[:19], lifetimes[19], (await application.refresh(token)).status_code) == ([300] * 19, 60, 400)


async def test_stolen_access_token_is_worth_nothing(shared: House) -> None:
    """An access token without its key, or as a bearer token, or for another audience, opens nothing here."""
    application = Application(shared)
    answer = await application.sign_in()
    token = answer["access_token"]
    other = (await application.refresh(answer["refresh_token"], resource=shared.origin("keyvault"))).json()["access_token"]
    bearer = await shared.client.delete("/session", headers={"Authorization": f"Bearer {token}"})
    stolen = await application.sign_out(token, key=generate_p256())
    elsewhere = await application.sign_out(other)
    as_id_token = await application.sign_out(answer["id_token"])

    assert [each.json()["type"] for each in (bearer, stolen, elsewhere, as_id_token)] == [
        "token-refused",
        "proof-refused",
        "token-refused",
        "token-refused",
    ]
