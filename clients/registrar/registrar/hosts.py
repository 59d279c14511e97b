"""Calls to the five hosts, each signed with the window's request key (``protocol.proof``)."""

import asyncio
import os
import ssl
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from protocol import proof, strict_json
from protocol.deployment import Deployment
from protocol.manifest import SignedManifest
from protocol.messages.base import Message
from protocol.messages.exchange import PutSuppliers, Suppliers
from protocol.messages.officers import OfficerCall, Officers, OfficersAccepted, WindowsHere
from protocol.messages.staff import PutStaffList, StaffListHere
from protocol.messages.windows import OpenWindow, WindowOpened
from protocol.names import HOSTS, HostName, StoreName
from protocol.officers import SignedOfficerRequest
from protocol.trust import trust
from pydantic import ValidationError

from .errors import AnswerRefused, HostError, HostUnreachable, QuotaExceeded, RegistrarError, RowsRefused, WindowClosed, WindowError
from .windows import Clock, Window, now_seconds

_ATTEMPTS = 6
_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 30.0
_WINDOW_PROBLEMS = ("window-refused", "window-unknown", "window-purpose", "proof-refused")

Answer = TypeVar("Answer", bound=Message)


class Hosts:
    """One connection pool to the deployment's five hosts."""

    def __init__(
        self,
        deployment: Deployment,
        mounts: Mapping[str, httpx.AsyncBaseTransport] | None = None,
        clock: Clock = now_seconds,
        certificate: Path | None = None,
    ) -> None:
        """``mounts`` are transports by origin, for hosts that live in this process; ``clock`` is the time that they go by.

        ``certificate`` is a PEM file with key and certificate, which hosts with a partners' listener ask for; without it the
        environment names one in ``WARIFU_REGISTRAR_CERTIFICATE``.
        """
        self.clock = clock
        self._deployment = deployment
        mounts = mounts or certified(deployment, certificate or named_certificate())
        self._http = httpx.AsyncClient(
            mounts=mounts, timeout=httpx.Timeout(120, connect=5), trust_env=False, headers={"User-Agent": "warifu-registrar"}
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._http.aclose()

    async def open_window(self, host: HostName, manifest: SignedManifest) -> WindowOpened:
        """Open a window at one host; the same manifest again is fine."""
        body = encode(OpenWindow(manifest=manifest.raw, signatures=manifest.signatures))
        return _parsed(host, await self._send(host, "POST", "/windows", body, None), WindowOpened)

    async def left(self, host: HostName, window: Window) -> WindowOpened:
        """Return what is left of an open window at one host; asked once, because a person waits."""
        return _parsed(host, await self._send(host, "GET", "/windows/own", b"", window, attempts=1), WindowOpened)

    async def close_window(self, host: HostName, window: Window) -> None:
        """Close a window at one host; one that is closed already stays so. Asked twice at most: it ends by itself."""
        with suppress(WindowClosed):
            await self._send(host, "POST", "/windows/closing", b"", window, attempts=2)

    async def officers(self, host: HostName) -> Officers:
        """Return the officers' list that a host goes by, unverified."""
        return _parsed(host, await self._send(host, "GET", "/officers", b"", None, attempts=1), Officers)

    async def publish(self, host: HostName, officers: Officers) -> OfficersAccepted:
        """Give one host the officers' next list; the same list again is fine."""
        return _parsed(host, await self._send(host, "PUT", "/officers", encode(officers), None, attempts=2), OfficersAccepted)

    async def publish_staff(self, store: StoreName, listed: PutStaffList) -> StaffListHere:
        """Give one store the next staff list; the same list again is fine."""
        return _parsed(store, await self._send(store, "PUT", "/staff/list", encode(listed), None, attempts=2), StaffListHere)

    async def publish_suppliers(self, listed: PutSuppliers) -> Suppliers:
        """Give programs the next list of suppliers; the same list again is fine."""
        return _parsed("programs", await self._send("programs", "PUT", "/suppliers", encode(listed), None, attempts=2), Suppliers)

    async def officer(self, host: HostName, request: SignedOfficerRequest) -> WindowsHere:
        """Pass one officer's request to one host; it counts once, so it is not repeated."""
        body = encode(OfficerCall(officer=request.officer, request=request.raw, signature=request.signature))
        return _parsed(host, await self._send(host, "POST", "/officers/requests", body, None, attempts=1), WindowsHere)

    async def call(
        self, host: HostName, window: Window, path: str, body: bytes, answer: type[Answer], *, method: str = "POST"
    ) -> Answer:
        """Make a call in a window and return the parsed answer.

        A host that cannot be reached, or says 503 or 429 with Retry-After, is asked again for more than a minute: every call of
        the registrar may be repeated. Raises a :class:`registrar.errors.RegistrarError` otherwise.
        """
        return _parsed(host, await self._send(host, method, path, body, window), answer)

    async def tell(self, host: HostName, window: Window, path: str, body: bytes, *, method: str = "POST") -> None:
        """Make a call in a window that is answered without a body."""
        await self._send(host, method, path, body, window)

    async def _send(
        self, host: HostName, method: str, path: str, body: bytes, window: Window | None, *, attempts: int = _ATTEMPTS
    ) -> httpx.Response:
        if window is not None:
            window.check_open(self.clock())
        url, there = self._deployment.origins[host] + path, self._deployment.partner_origin(host) + path
        for attempt in range(attempts):
            headers = {"Content-Type": "application/json"}
            if window is not None:
                # A fresh proof each time: its id is accepted once, even when the first answer was lost on the way.
                headers[proof.HEADER] = proof.make(window.request_key, method, url, window.id, body, self.clock())
            try:
                response = await self._http.request(method, there, content=body, headers=headers)
            except httpx.TransportError:
                response = None
            if response is not None and response.is_success:
                return response
            pause = _pause(response, attempt)
            if pause is None:
                assert response is not None
                raise _refusal(host, response)
            if attempt + 1 < attempts:
                await asyncio.sleep(pause)
        raise HostUnreachable(host)


def named_certificate() -> Path | None:
    """Return the file that the environment names as this workstation's certificate."""
    named = os.environ.get("WARIFU_REGISTRAR_CERTIFICATE")
    return Path(named) if named else None


def certified(deployment: Deployment, certificate: Path | None) -> Mapping[str, httpx.AsyncBaseTransport] | None:
    """Return transports that check the hosts as the deployment says, and show them the certificate; raises RegistrarError."""
    checks = trust(deployment)
    if checks is None:
        return None
    if certificate is None and deployment.partner_origins:
        raise RegistrarError("these hosts ask for this workstation's certificate: name it in WARIFU_REGISTRAR_CERTIFICATE")
    if certificate is not None:
        try:
            checks.load_cert_chain(certificate)
        except (OSError, ssl.SSLError):
            raise RegistrarError(f"{certificate} is no PEM file with a key and its certificate") from None
    return {deployment.partner_origin(host): httpx.AsyncHTTPTransport(verify=checks) for host in HOSTS}


def encode(message: Message) -> bytes:
    """Return a body's bytes, as they are signed and sent."""
    return message.model_dump_json(exclude_none=True).encode()


def _parsed(host: HostName, response: httpx.Response, answer: type[Answer]) -> Answer:
    try:
        return answer.model_validate_json(response.content)
    except ValidationError as error:
        raise AnswerRefused(f"{host}: an answer of another form") from error


def _pause(response: httpx.Response | None, attempt: int) -> float | None:
    """Return the seconds to wait before the next attempt, or ``None`` when the answer is final."""
    backoff: float = min(_FIRST_PAUSE * 4**attempt, _LONGEST_PAUSE)
    if response is None:
        return backoff
    asked = response.headers.get("Retry-After", "")
    if response.status_code == 503 or (response.status_code == 429 and asked):
        return min(float(asked), _LONGEST_PAUSE) if asked.isascii() and asked.isdigit() else backoff
    return None


def _refusal(host: HostName, response: httpx.Response) -> Exception:
    """Return the exception of a problem document (RFC 9457)."""
    document = _document(response)
    slug = str(document.get("type", "")).rsplit("/", 1)[-1].rsplit(":", 1)[-1][:64] or "unknown"
    rows = document.get("rows")
    if slug == "quota-exceeded":
        return QuotaExceeded(host, str(document.get("use", "a use"))[:32])
    if slug == "window-closed":
        return WindowClosed(host)
    if slug == "officers-behind":
        return WindowError(
            f"{host} lacks officers' lists, as after a restore; give it them with: warifu-registrar officers publish"
        )
    if slug in _WINDOW_PROBLEMS:
        return WindowError(f"{host} refuses the window: {slug}; check the clock and the officers' keys, then open a new window")
    if isinstance(rows, list) and rows and all(isinstance(row, int) for row in rows):
        return RowsRefused(host, response.status_code, slug, tuple(rows))
    return HostError(host, response.status_code, slug)


def _document(response: httpx.Response) -> dict[str, Any]:
    try:
        return strict_json.loads_object(response.content)
    except strict_json.JsonRefused:
        return {}
