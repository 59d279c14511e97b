"""A sign-in of staff ends with the one at the group that began it, and the stores hear of it."""

from typing import Any

import pytest
from protocol.jose import thumbprint
from protocol.names import STORES
from protocol.staff_logout import StaffLogout, session_id
from rooms.gateway.house import House, keys_of
from rooms.gateway.staff_application import StaffApplication
from support.upstream import STAFF_CLIENT_ID

ANALYST = {"groups": ["g-analysts"], "sid": "at-desk"}
WAITING = "SELECT count(*) FROM logout_outbox"


async def signed_in(house: House, **claims: Any) -> tuple[StaffApplication, str]:
    house.upstream.claims = {**ANALYST, **claims}
    application = StaffApplication(house)
    answer = await application.redeem(await application.code())
    house.upstream.claims = {}
    return application, str(answer.json()["refresh_token"])


async def tell(house: House, **said: Any) -> int:
    """Tell the gateway of a logout of staff as the provider does."""
    token = house.upstream.logout_token(**{"aud": STAFF_CLIENT_ID, **said})
    return (await house.client.post("/staff/upstream/logout", data={"logout_token": token})).status_code


async def is_signed_in(application: StaffApplication, refresh_token: str) -> bool:
    return (await application.refresh(refresh_token)).status_code == 200


def told(house: House) -> dict[str, list[bytes]]:
    """Return the sessions that each store was told of, as it checks the tokens."""
    keys, issuer, now = keys_of("gateway").public().signing_keys, house.origin("gateway"), house.clock.timestamp()
    return {
        store: [StaffLogout.decode(token, keys, issuer, house.origin(store), now).session for token in house.stores[store].tokens]
        for store in STORES
    }


async def test_logout_at_the_group_ends_it_and_tells_both_stores(house: House) -> None:
    """By the sign-in's id; each store is told the session that it knows, and another sign-in goes on."""
    application, token = await signed_in(house)
    other, other_token = await signed_in(house, sid="at-home")
    subjects = {store: application.decoded(await application.refresh(token, store), store).sub for store in STORES}
    status = await tell(house, sid="at-desk")
    waiting = await house.eventually(WAITING, 0)

    assert (status, waiting) == (200, 0)
    assert (await is_signed_in(application, token), await is_signed_in(other, other_token)) == (False, True)
    assert told(house) == {store: [session_id(thumbprint(application.key), subject)] for store, subject in subjects.items()}


@pytest.mark.parametrize(
    ("said", "ends"), [({"sub": "opaque-E-0001"}, True), ({"sub": "opaque-E-0009"}, False), ({"sid": "x"}, False)]
)
async def test_whom_a_logout_names(house: House, said: dict[str, Any], ends: bool) -> None:
    """A subject alone names all of somebody's sign-ins; somebody else's names nothing."""
    application, token = await signed_in(house)

    assert (await tell(house, **said), await is_signed_in(application, token)) == (200, not ends)


async def test_code_that_nobody_redeemed_goes_too(house: House) -> None:
    """Who signed out before the application had its tokens gets none."""
    house.upstream.claims = ANALYST
    application = StaffApplication(house)
    code = await application.code()
    house.upstream.claims = {}
    status = await tell(house, sid="at-desk")

    assert (status, (await application.redeem(code)).json()["error"]) == (200, "invalid_grant")


async def test_members_logout_is_not_staffs(house: House) -> None:
    """A token for the members' client is refused here, a repeated one too, and nothing ends by them."""
    application, token = await signed_in(house)
    once = house.upstream.logout_token(aud=STAFF_CLIENT_ID, sid="elsewhere")
    answers = [await tell(house, aud="gateway-at-group", sid="at-desk")]
    answers += [(await house.client.post("/staff/upstream/logout", data={"logout_token": once})).status_code for _ in range(2)]

    assert (answers, await is_signed_in(application, token)) == ([400, 200, 400], True)


async def test_signing_out_is_told_until_a_store_hears_it(house: House) -> None:
    """A store that is down hears of it later: nothing is lost."""
    application, token = await signed_in(house)
    house.stores["programs"].down = True
    await application.post("/staff/sign-out", {"client_id": "warifu-staff-cli", "refresh_token": token})
    one_waits = await house.eventually(WAITING, 1)
    house.stores["programs"].down = False
    await house.sql("UPDATE logout_outbox SET due_at = now() - interval '1 hour'")
    none_waits = await house.eventually(WAITING, 0)

    assert (one_waits, none_waits, [len(sessions) for sessions in told(house).values()]) == (1, 0, [1, 1])


async def test_code_that_comes_twice_is_told_too(house: House) -> None:
    """Whoever stole the code has a session at no store."""
    house.upstream.claims = ANALYST
    application = StaffApplication(house)
    code = await application.code()
    await application.redeem(code)
    await application.redeem(code)

    assert (await house.sql("SELECT count(*) FROM logout_outbox WHERE starts_with(audience, 'staff:')"))[0][0] == 2


async def test_sign_ins_are_listed_and_ended_together(house: House) -> None:
    """Somebody sees their own alone, by the key of one of them, and ends all of them at once; the stores hear of each."""
    house.upstream.claims = {**ANALYST, "sub": "somebody-else"}
    stranger = StaffApplication(house)
    others = (await stranger.redeem(await stranger.code())).json()["refresh_token"]
    application, token = await signed_in(house)
    second, second_token = await signed_in(house, sid="at-home")
    shown = {"client_id": "warifu-staff-cli", "refresh_token": token}
    listed = (await application.post("/staff/sign-ins", shown)).json()["sign_ins"]
    stolen = [(await stranger.post(path, shown)).json()["error"] for path in ("/staff/sign-ins", "/staff/sign-ins/end")]
    ended = await application.post("/staff/sign-ins/end", shown)
    await house.eventually(WAITING, 0)

    assert sorted((each["roles"], each["this"]) for each in listed) == [(["analyst"], False), (["analyst"], True)]
    assert (stolen, ended.status_code) == (["invalid_grant"] * 2, 204)
    assert [await is_signed_in(*each) for each in ((application, token), (second, second_token), (stranger, others))] == [
        False,
        False,
        True,
    ]
    assert [len(sessions) for sessions in told(house).values()] == [2, 2]
