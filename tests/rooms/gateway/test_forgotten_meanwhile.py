"""Whoever signs in is forgotten while the group's provider is asked: by an operator who ends everything, or when time is up."""

from collections.abc import Awaitable, Callable

import pytest
from gateway.use_cases import operate
from rooms.gateway.application import Application
from rooms.gateway.house import Door, House
from rooms.gateway.staff_application import StaffApplication
from starlette.types import Receive, Scope, Send

LEFT = " UNION ALL ".join(
    f"SELECT '{table}' FROM {table}"
    for table in ("authorization_attempt", "staff_attempt", "browser_session", "group_session", "account_link")
)


def forget_while_asked(house: House, door: Door, path: str, forget: Callable[[], Awaitable[object]]) -> None:
    """Let the provider answer at a path only after everybody on their way was forgotten."""
    provider = house.upstream.app

    async def late(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == path:
            await forget()
        await provider(scope, receive, send)

    door.app = late


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token"])
async def test_sessions_that_an_operator_ends(house: House, neighbours: dict[str, Door], path: str) -> None:
    """On the way to the provider or back, the browser sees that its sign-in is over; nobody is signed in and nothing is left."""

    async def end() -> None:
        await operate.end_sessions(house.app.state.db, house.app.state.gateway, house.fixed.now())

    forget_while_asked(house, neighbours["upstream"], path, end)
    application = Application(house)
    page = await application.authorize((await application.push()).json()["request_uri"])
    if path == "/token":
        page = await application.come_back(await application.at_provider(page.headers["location"]))

    assert (page.status_code, "This page has expired" in page.text, application.session) == (400, True, "")
    assert await house.sql(LEFT) == []


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token"])
async def test_staff_whose_time_is_up(house: House, neighbours: dict[str, Door], path: str) -> None:
    """Staff sees the same page, and no code is given."""
    house.upstream.claims = {"groups": ["g-analysts"]}
    forget_while_asked(house, neighbours["upstream"], path, lambda: house.sql("DELETE FROM staff_attempt"))
    application = StaffApplication(house)
    if path == "/token":
        page = await application.come_back()
    else:
        page = await application.authorize((await application.push()).json()["request_uri"])

    assert (page.status_code, "This page has expired" in page.text, "location" in page.headers) == (400, True, False)
    assert await house.sql(LEFT) == []
