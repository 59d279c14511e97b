"""What a test asks of a provider that somebody else wrote."""

import asyncio
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urljoin

import httpx
from joserfc.jwk import ECKey
from support.upstream import CLIENT_ID, CLIENT_SECRET

EMPLOYEE = "E-0001"


class RealProvider(ABC):
    """A provider in a process of its own, on a free port of the loopback."""

    def __init__(self, folder: Path, port: int, gateway: str) -> None:
        self.folder = folder
        self.origin = f"http://127.0.0.1:{port}"
        self.gateway = gateway
        self.redirect_uri = f"{gateway}/upstream/group/callback"
        self.logout_uri = f"{gateway}/upstream/group/logout"
        self.browser = httpx.AsyncClient(timeout=10)
        self.keys = [fresh_key()]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def issuer(self) -> str:
        """Its issuer identifier."""

    @abstractmethod
    async def start(self) -> None:
        """Start it with its present keys."""

    @abstractmethod
    async def rotate(self, *, keep: bool) -> None:
        """Sign with another key from now on, and publish the one before for as long as it is kept."""

    @abstractmethod
    async def sign_in(self, location: str) -> str:
        """Sign EMPLOYEE in with the browser, and return where the provider sends it."""

    @abstractmethod
    async def sign_out(self, id_token_sid: str) -> None:
        """Sign out at the provider, which tells its clients."""

    async def run(self, command: Sequence[str], ready: str) -> None:
        """Start the process and wait until a URL answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)  # noqa: ASYNC220  # a moment
        async with httpx.AsyncClient() as client:
            for _ in range(200):
                assert self._process.poll() is None, (self.folder / "log").read_text()
                try:
                    if (await client.get(ready)).status_code < 500:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)
        raise AssertionError("the provider does not start")

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    async def follow(self, location: str) -> str:
        """Go where the provider sends the browser, until that is the gateway."""
        for _ in range(10):
            answer = await self.browser.get(location)
            assert answer.is_redirect, f"{answer.status_code} at {location}: {answer.text}"
            location = urljoin(location, answer.headers["location"])
            if location.startswith(self.redirect_uri):
                return location
        raise AssertionError("the provider leads in circles")


def fresh_key() -> ECKey:
    """Return a signing key with an id."""
    return ECKey.generate_key("P-256", {"alg": "ES256", "use": "sig"}, auto_kid=True)


def credentials() -> dict[str, str]:
    """Return the gateway's client as providers register it."""
    return {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
