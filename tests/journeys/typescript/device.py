"""A member's device that runs the TypeScript SDK on Node."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from local.node import node
from local.node_packages import typescript_sdk
from local.person import Person

_LONGEST_LINE = 2**24


class DeviceError(Exception):
    """What the SDK threw, by the name of its class; ``said`` has the rest."""

    def __init__(self, said: dict[str, Any]) -> None:
        super().__init__(f"{said['name']}: {said['message']}")
        self.said = said


class Device:
    """One process of Node, and one member's session in it."""

    def __init__(self, process: asyncio.subprocess.Process, person: Person | None) -> None:
        self._process = process
        self._person = person

    async def call(self, name: str, *args: Any) -> Any:
        """Call the session, or one of the device's own calls, and return what it answers; raises ``DeviceError``."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"call": name, "args": args}).encode() + b"\n")
        await self._process.stdin.drain()
        while True:
            said = json.loads(await self._process.stdout.readline())
            if "visit" not in said:
                break
            await self._visit(said["visit"], said["redirect"])
        if "error" in said:
            raise DeviceError(said["error"])
        return said["value"]

    async def _visit(self, url: str, redirect: str) -> None:
        """Send the person to a page, and their browser back to the device."""
        assert self._person
        self._person.redirect_uri = redirect
        parameters = await self._person.visit(url)
        async with httpx.AsyncClient() as browser:
            (await browser.get(redirect, params=parameters)).raise_for_status()


@asynccontextmanager
async def device(deployment: Path, person: Person | None = None) -> AsyncIterator[Device]:
    """Start a device, and end its process with the block."""
    await asyncio.to_thread(typescript_sdk)
    process = await asyncio.create_subprocess_exec(
        node(),
        Path(__file__).with_name("device.mjs"),
        deployment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_LONGEST_LINE,
    )
    try:
        yield Device(process, person)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()
