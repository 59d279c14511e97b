"""The end of a session: at once here, delivered to the others, again until they answer."""

import asyncio
from datetime import timedelta

from gateway.start import deliver, forget
from gateway.use_cases.deliver import pause
from joserfc.jwk import KeySet
from protocol import jose
from protocol.access_token import AccessToken
from protocol.sealing import XWingPrivateKey
from rooms.gateway.application import Application
from rooms.gateway.house import House, Member
from rooms.gateway.releases import release

WAITING = "SELECT count(*) FROM logout_outbox"


async def work(house: House) -> None:
    """Let the outbox's worker do its work now."""
    await deliver(house.app.state)


async def test_sign_out_ends_everything(house: House) -> None:
    """Afterwards neither the refresh token nor the access token works, and nothing of the session is kept."""
    application = Application(house)
    answer = await application.sign_in()
    status = (await application.sign_out(answer["access_token"])).status_code
    refresh = (await application.refresh(answer["refresh_token"])).json()["error"]
    again = (await application.sign_out(answer["access_token"])).json()["type"]
    left = await house.sql("SELECT (SELECT count(*) FROM sign_in) + (SELECT count(*) FROM authorization_attempt)")

    assert (status, refresh, again, left[0][0]) == (204, "invalid_grant", "session-ended", 0)


async def test_both_authorities_are_told_at_once(house: House) -> None:
    """Keyvault and identity each receive one logout token with the session id that they know, and nothing waits."""
    application = Application(house)
    answer = await application.sign_in()
    keys = KeySet.import_key_set((await house.client.get("/jwks")).json())
    expected = {}
    for host in ("keyvault", "identity"):
        token = (await application.refresh(answer["refresh_token"], resource=house.origin(host))).json()["access_token"]
        known = AccessToken.decode(token, keys, house.origin("gateway"), house.origin(host), house.clock.timestamp())
        expected[host] = jose.peek_claims(token)["sid"]
        assert len(known.sid) == 16
    await application.sign_out(answer["access_token"])
    waiting = await house.eventually(WAITING, 0)
    told = {host: [jose.verify(token, keys, "logout+jwt") for token in house.receivers[host].tokens] for host in expected}

    assert (waiting, {host: [claims["sid"] for claims in all_] for host, all_ in told.items()}) == (
        0,
        {host: [sid] for host, sid in expected.items()},
    )
    assert all(
        sorted(claims) == ["aud", "events", "exp", "iat", "iss", "jti", "sid"] and claims["aud"] == house.origin(host)
        for host, all_ in told.items()
        for claims in all_
    )


async def test_receiver_that_is_down_is_told_later(house: House) -> None:
    """A receiver's error is no answer: it is told again after a pause, with a fresh token, until it says yes."""
    house.receivers["keyvault"].down = True
    application = Application(house)
    await application.sign_out((await application.sign_in())["access_token"])
    first = await house.eventually(WAITING, 1)
    await work(house)
    asked_too_early = house.receivers["keyvault"].asked
    house.fixed.advance(timedelta(seconds=31))
    await work(house)
    house.receivers["keyvault"].down = False
    await work(house)
    still_waiting = (await house.sql(WAITING))[0][0]
    house.fixed.advance(timedelta(seconds=5))
    await work(house)

    assert (first, asked_too_early, still_waiting) == (1, 1, 1)
    assert (await house.sql(WAITING))[0][0] == 0
    assert (len(house.receivers["keyvault"].tokens), house.receivers["keyvault"].asked) == (1, 3)


async def test_silent_receiver_keeps_nobody_waiting(house: House) -> None:
    """While one authority answers nothing the other is told of every session; what is told late bears the time of the telling."""
    silent, other = house.receivers["keyvault"], house.receivers["identity"]
    for _ in range(3):
        await Application(house).sign_in()
    house.fixed.advance(timedelta(minutes=30))
    await forget(house.app.state)
    silent.open.clear()
    began = house.fixed.timestamp()
    delivering = asyncio.create_task(work(house))
    for _ in range(60):
        if len(other.tokens) == 3 and silent.asked == 1:
            break
        await asyncio.sleep(0.05)
    told = (len(other.tokens), silent.asked, len(silent.tokens))
    house.fixed.advance(timedelta(minutes=1))
    silent.open.set()
    await delivering

    assert told == (3, 1, 0)
    assert [jose.peek_claims(token)["iat"] - began for token in silent.tokens] == [0, 60, 60]


async def test_sign_out_does_not_wait_for_receivers(house: House) -> None:
    """With both receivers down the member is signed out all the same, and two logouts wait."""
    for receiver in house.receivers.values():
        receiver.down = True
    application = Application(house)
    answer = await application.sign_in()
    status = (await application.sign_out(answer["access_token"])).status_code

    assert (status, await house.eventually(WAITING, 2)) == (204, 2)


async def test_eight_sign_outs_at_once_tell_once(house: House) -> None:
    """Signing out eight times at once ends one session and writes one logout for each authority."""
    application = Application(house)
    token = (await application.sign_in())["access_token"]
    statuses = {answer.status_code for answer in await asyncio.gather(*(application.sign_out(token) for _ in range(8)))}
    await house.eventually(WAITING, 0)

    assert (statuses <= {204, 401}, 204 in statuses, [len(one.tokens) for one in house.receivers.values()]) == (True, True, [1, 1])


async def test_other_sessions_of_the_member_live_on(house: House) -> None:
    """Signing out on one device leaves the other signed in."""
    phone, laptop = Application(house), Application(house)
    on_phone, on_laptop = await phone.sign_in(), await laptop.sign_in()
    await phone.sign_out(on_phone["access_token"])

    assert (await laptop.refresh(on_laptop["refresh_token"])).status_code == 200


async def test_refresh_against_sign_out(house: House) -> None:
    """Whatever the order of a refresh and a sign-out at once, no refresh works afterwards."""
    application = Application(house)
    answer = await application.sign_in()
    await asyncio.gather(
        application.sign_out(answer["access_token"]), *(application.refresh(answer["refresh_token"]) for _ in range(4))
    )

    assert (await application.refresh(answer["refresh_token"])).status_code == 400


async def test_nothing_of_a_sign_in_outlives_a_day(house: House) -> None:
    """A day later the purge leaves no row of attempts, sessions and logouts."""
    house.receivers["identity"].down = True
    for application in (Application(house), Application(house)):
        answer = await application.sign_in()
    await application.sign_out(answer["access_token"])
    await application.push()
    await house.eventually(WAITING, 1)
    house.fixed.advance(timedelta(hours=24))
    await forget(house.app.state)
    left = await house.sql(
        "SELECT (SELECT count(*) FROM sign_in), (SELECT count(*) FROM authorization_attempt), (SELECT count(*) FROM logout_outbox)"
    )

    assert tuple(left[0]) == (0, 0, 0)


def test_pauses_grow_and_end_growing() -> None:
    """Two seconds, doubled each time, five minutes at most."""
    seconds = [pause(attempts).total_seconds() for attempts in (1, 2, 3, 8, 9, 50)]

    assert seconds == [2, 4, 8, 256, 300, 300]


async def test_sign_out_everywhere(house: House) -> None:
    """Every session of the member ends here, and keyvault and identity are told of each; nobody else's does."""
    applications = [Application(house) for _ in range(3)]
    answers = [await application.sign_in() for application in applications]
    assert (await release(house, applications[0], answers[0]["access_token"], XWingPrivateKey.generate())).status_code == 200
    assert (await house.enrol(Member.new("E-0002"))).status_code == 200
    house.upstream.employee = "E-0002"
    untouched = Application(house)
    kept = await untouched.sign_in()
    status = (await applications[0].sign_out(answers[0]["access_token"], path="/sessions")).status_code
    refreshed = [
        (await one.refresh(said["refresh_token"])).json().get("error") for one, said in zip(applications, answers, strict=True)
    ]
    waiting = await house.eventually(WAITING, 0)

    assert (status, refreshed, waiting) == (204, ["invalid_grant"] * 3, 0)
    assert {host: len(receiver.tokens) for host, receiver in house.receivers.items()} == {"keyvault": 3, "identity": 3}
    assert (await untouched.refresh(kept["refresh_token"])).status_code == 200


async def test_sign_out_everywhere_needs_a_release(house: House) -> None:
    """A session whose member proved nothing here ends no other."""
    application = Application(house)
    answer = await application.sign_in()

    assert (await application.sign_out(answer["access_token"], path="/sessions")).json()["type"] == "not-released"
