"""A fresh deployment for each test, and a way to sign in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

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
    """Sign in anew at each call, as on another device, which knows the deployment as it is described then."""
    async with world.http() as http, AsyncExitStack() as devices:

        async def once() -> warifu.MemberSession:
            client = await devices.enter_async_context(warifu.Client(world.deployment, http=http, clock=world.clock))
            return await client.sign_in(warifu.Group(WalkingAgent(http)))

        yield once
