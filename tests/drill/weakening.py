"""Runs a weakened keyvault in the place of the system's own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx

from drill.world import World


def weak_keyvault(weakness: str) -> Callable[[World], AbstractAsyncContextManager[None]]:
    """Return what a plant runs: the keyvault with one weakness of ``weak_keyvault.py``, for as long as the attack lasts."""

    @asynccontextmanager
    async def live(world: World) -> AsyncIterator[None]:
        layout = world.system.layout
        await world.system.stop("keyvault")
        config = str(layout.host("keyvault").config)
        command = [sys.executable, "-m", "drill.weak_keyvault", weakness, "serve", "--config", config]
        quiet = asyncio.subprocess.DEVNULL
        paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        weak = await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet, env=paths)
        try:
            await _healthy(layout.origin("keyvault"))
            yield
        finally:
            if weak.returncode is None:
                weak.terminate()
            await weak.wait()
            await world.system.start("keyvault")

    return live


async def _healthy(origin: str) -> None:
    async with httpx.AsyncClient() as http:
        for _ in range(200):
            try:
                if (await http.get(f"{origin}/health/ready")).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    raise RuntimeError("the weakened keyvault does not start")
