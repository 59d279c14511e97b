"""An API of a program sends a caller back whose person signed in too long ago, and the caller comes again (RFC 9470)."""

import time
from datetime import timedelta

import httpx
from chassis.clock import FixedClock
from example_program.__main__ import FRESH_S
from example_program.__main__ import Program as Example
from rooms.gateway import programs
from rooms.gateway.house import House
from rooms.gateway.program import Browser, Program

API = "https://other.example"


async def asked(house: House, token: str) -> httpx.Response:
    """Ask the example's API, which asks the gateway as the program ``clinic``."""
    example = Example(API, house.origin("gateway"), "clinic", programs.SECRETS["clinic"], house.client)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(example.app), base_url=API) as caller:
        return await caller.get("/api", headers={"Authorization": f"Bearer {token}"})


async def test_old_sign_in_is_told_apart_and_mended(house: House) -> None:
    """A token without a time is not enough; the challenge says what to ask for, and the token that comes of it is."""
    shop, browser = Program(house), Browser(house)
    assert isinstance(house.clock, FixedClock)
    house.fixed.advance(timedelta(seconds=time.time() - FRESH_S - 60 - house.fixed.timestamp()))
    resource = {"resource": programs.OTHER_API}
    first = await shop.redeem((await shop.answered(browser, **resource))["code"], **resource)
    refused = await asked(house, first.json()["access_token"])
    house.fixed.advance(timedelta(seconds=FRESH_S + 60))
    wanted = {name: value.strip('"') for name, _, value in (part.partition("=") for part in _said(refused))}
    second = await shop.redeem((await shop.answered(browser, max_age=wanted["max_age"], **resource))["code"], **resource)
    admitted = await asked(house, second.json()["access_token"])

    assert (refused.status_code, wanted["error"], wanted["max_age"]) == (401, "insufficient_user_authentication", str(FRESH_S))
    assert (house.upstream.redeemed, admitted.status_code) == (2, 200)
    assert list(admitted.json()) == ["sub"]


async def test_token_for_something_else_is_no_matter_of_age(shared: House) -> None:
    """What is for userinfo, or nobody's, is refused as a token."""
    shop = Program(shared)
    token = (await shop.sign_in(Browser(shared), max_age="300"))["access_token"]
    answers = [await asked(shared, each) for each in (token, "x")]

    assert [(answer.status_code, answer.headers["www-authenticate"]) for answer in answers] == [
        (401, 'Bearer error="invalid_token"')
    ] * 2


def _said(answer: httpx.Response) -> list[str]:
    return answer.headers["www-authenticate"].removeprefix("Bearer ").split(", ")
