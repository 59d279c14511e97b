"""The keyvault stops checking who signed the evidence."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from drill.attack import Plant
from drill.world import World


@asynccontextmanager
async def _live(world: World) -> AsyncIterator[None]:
    layout = world.system.layout
    await world.system.stop("keyvault")
    command = [sys.executable, "-m", "drill.trusting_keyvault", "serve", "--config", str(layout.host("keyvault").config)]
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


PLANT = Plant(
    "unchecked-signature",
    "gateway-mints-tokens",
    "The keyvault reads evidence without checking the provider's signature.",
    ("gateway",),
    live=_live,
)
