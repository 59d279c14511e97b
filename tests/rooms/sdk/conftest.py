"""A fresh deployment for each test, and a way to sign in."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import warifu
from rooms.sdk.agent import WalkingAgent
from rooms.sdk.model.world import World

SignIn = Callable[[], Awaitable[warifu.MemberSession]]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def sign_in(world: World) -> AsyncIterator[SignIn]:
    """Sign in anew at each call, as on another device."""
    async with world.http() as http, warifu.Client(world.deployment, http=http, clock=world.clock) as client:

        async def once() -> warifu.MemberSession:
            return await client.sign_in(warifu.Group(WalkingAgent(http)))

        yield once
