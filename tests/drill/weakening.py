"""Runs a weakened host in the place of the system's own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
from protocol.names import HostName

from drill.world import World


def weak(host: HostName, weakness: str) -> Callable[[World], AbstractAsyncContextManager[None]]:
    """Return what a plant runs: a host with one weakness of ``weak_host.py``, for as long as the attack lasts."""

    @asynccontextmanager
    async def live(world: World) -> AsyncIterator[None]:
        control = f"{world.deployment.origins[host]}/weakness"
        if host not in world.understudies:
            await world.system.stop(host)
            world.understudies[host] = await _started(world, host)
            await _healthy(world, host)
        (await world.http.put(f"{control}/{weakness}")).raise_for_status()
        try:
            yield
        finally:
            (await world.http.delete(control)).raise_for_status()

    return live


async def restored(world: World) -> None:
    """Start the system's own hosts again. Not right after each weakness: often the next one is the same host's."""
    hosts = list(world.understudies)
    await asyncio.gather(*(world.dismiss(host) for host in hosts))
    for host in hosts:
        await world.system.start(host)


async def _started(world: World, host: str) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "drill.weak_host", host, "serve", "--config", str(world.system.layout.host(host).config)]
    quiet = asyncio.subprocess.DEVNULL
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet, env=paths)


async def _healthy(world: World, host: HostName) -> None:
    for _ in range(200):
        try:
            if (await world.http.get(f"{world.deployment.origins[host]}/health/ready")).is_success:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.1)
    raise RuntimeError("the weakened host does not start")
