"""The road from one device to the hosts, on which the device can die, or an answer be lost, at any call."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import httpx

Accident = Literal["dies before", "dies after", "answer lost"]
ACCIDENTS: tuple[Accident, ...] = ("dies before", "dies after", "answer lost")


class Died(BaseException):
    """The device's process is gone: nothing catches it."""


@dataclass
class Fault:
    """What happens at which call, counted from the next one; nothing else happens afterwards."""

    accident: Accident
    calls: int


class Road(httpx.AsyncBaseTransport):
    """All hosts of a deployment, by origin."""

    def __init__(self, hosts: Mapping[str, httpx.AsyncBaseTransport]) -> None:
        self._hosts = hosts
        self._dead = False
        self._under_way = 0
        self.fault: Fault | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, unless something happens."""
        if self._dead:
            raise Died
        happens = self._happens()
        if happens == "dies before":
            self._dead = True
            raise Died
        self._under_way += 1
        try:
            url = request.url
            answer = await self._hosts[f"{url.scheme}://{url.netloc.decode()}"].handle_async_request(request)
            await answer.aread()
        finally:
            self._under_way -= 1
        if happens == "dies after":
            self._dead = True
        if self._dead:
            raise Died
        if happens == "answer lost":
            raise httpx.ReadError("the answer was lost", request=request)
        return answer

    async def quiet(self) -> None:
        """Wait until no host works for this device any more: what a dead device asked for is still done."""
        while self._under_way:
            await asyncio.sleep(0.001)

    def _happens(self) -> Accident | None:
        if self.fault is None:
            return None
        self.fault.calls -= 1
        if self.fault.calls > 0:
            return None
        accident, self.fault = self.fault.accident, None
        return accident
