"""One HTTP client for all hosts, and what their refusals mean."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TypeVar

import httpx
from httpx import USE_CLIENT_DEFAULT
from protocol import strict_json
from protocol.deployment import Deployment
from protocol.names import HostName
from protocol.trust import trust
from pydantic import BaseModel

from .errors import EvidenceRefused, HostRefused, HostUnavailable, SessionEnded

Clock = Callable[[], int]
"""Seconds since the epoch."""

Headers = Callable[[], Mapping[str, str]]
"""Makes the headers of one try: a host accepts a proof once."""

Form = Mapping[str, str | Sequence[str]]
M = TypeVar("M", bound=BaseModel)

_SLUG = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*\Z")
_TRIES = 3
_LONGEST_PAUSE = 5
"""Seconds that a host may ask for between two tries; who asks for more is not asked again."""
_EVIDENCE = frozenset({"evidence-refused", "evidence-replayed", "statement-refused"})


def system_clock() -> int:
    """Return the system's time in whole seconds."""
    return int(time.time())


def http_client(deployment: Deployment | None = None) -> httpx.AsyncClient:
    """Return a client that keeps no cookie, follows no redirect, and checks the hosts' certificates as the deployment says.

    Cookies are not separated by port (RFC 6265 section 8.5), so on one machine a cookie of one host would reach another.
    """
    jar = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    mounts: dict[str, httpx.AsyncBaseTransport] = {}
    if deployment is not None and (checks := trust(deployment)) is not None:
        mounts = {origin: httpx.AsyncHTTPTransport(verify=checks) for origin in deployment.origins.values()}
    return httpx.AsyncClient(cookies=jar, follow_redirects=False, timeout=30, headers={"User-Agent": "warifu"}, mounts=mounts)


class Wire:
    """Requests to the five hosts at their pinned origins."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        deployment: Deployment,
        clock: Clock,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.http = http
        self.deployment = deployment
        self.clock = clock
        self._pause = pause

    def url(self, host: HostName, path: str) -> str:
        """Return the absolute URL of a path with its query."""
        return self.deployment.origins[host] + path

    async def send(
        self,
        host: HostName,
        method: str,
        path: str,
        *,
        headers: Headers,
        body: bytes = b"",
        form: Form | None = None,
        patience_s: float | None = None,
    ) -> httpx.Response:
        """Send one request and return its answer when the host accepted it, else raise what the refusal means.

        Without ``patience_s`` an answer begins within 30 seconds, or the host counts as unavailable. A host that says when to ask
        again (503 or 429 with Retry-After) is asked again, twice at most: every call may be repeated.
        """
        for left in reversed(range(_TRIES)):
            answer = await self._sent(host, method, path, headers(), body, form, patience_s)
            seconds = _retry_after(answer)
            if not left or seconds is None:
                break
            await self._pause(seconds)
        if answer.status_code >= 500:
            raise HostUnavailable(host)
        if not answer.is_success:
            raise refusal(host, answer)
        return answer

    @asynccontextmanager
    async def stream(
        self, host: HostName, path: str, headers: Mapping[str, str], patience_s: float
    ) -> AsyncIterator[httpx.Response]:
        """Open an answer that goes on, of which something arrives every ``patience_s`` seconds; refusals are those of `send`."""
        try:
            async with self.http.stream("GET", self.url(host, path), headers=dict(headers), timeout=_timeout(patience_s)) as answer:
                if answer.status_code >= 500:
                    raise HostUnavailable(host)
                if not answer.is_success:
                    await answer.aread()
                    raise refusal(host, answer)
                yield answer
        except httpx.TransportError as error:
            raise HostUnavailable(host) from error

    async def pause(self, seconds: float) -> None:
        """Wait before something is asked for again."""
        await self._pause(seconds)

    async def _sent(
        self,
        host: HostName,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        form: Form | None,
        patience_s: float | None,
    ) -> httpx.Response:
        sent = dict(headers)
        if body:
            sent["Content-Type"] = "application/json"
        timeout = USE_CLIENT_DEFAULT if patience_s is None else _timeout(patience_s)
        try:
            return await self.http.request(
                method, self.url(host, path), headers=sent, content=body or None, data=form, timeout=timeout
            )
        except httpx.TransportError as error:
            raise HostUnavailable(host) from error


def _timeout(patience_s: float) -> httpx.Timeout:
    return httpx.Timeout(30, read=patience_s)


def _retry_after(answer: httpx.Response) -> int | None:
    """Return the seconds after which this host wants to be asked again, when that is soon."""
    said = answer.headers.get("Retry-After", "")
    if answer.status_code not in (429, 503) or not re.fullmatch(r"[0-9]{1,4}", said):
        return None
    return int(said) if int(said) <= _LONGEST_PAUSE else None


def refusal(host: str, answer: httpx.Response) -> Exception:
    """Return the error that a refusing answer stands for."""
    slug = _slug(answer)
    if slug == "session-ended":
        return SessionEnded()
    if slug in _EVIDENCE:
        return EvidenceRefused(slug, host)
    return HostRefused(host, slug, answer.status_code)


def _slug(answer: httpx.Response) -> str:
    """Return the problem's type or the OAuth error; anything that does not look like one is not shown."""
    try:
        document = strict_json.loads_object(answer.content)
    except strict_json.JsonRefused:
        return "unknown"
    found = document.get("type", document.get("error"))
    return found if isinstance(found, str) and len(found) <= 64 and _SLUG.match(found) else "unknown"


def parse(host: str, kind: type[M], answer: httpx.Response) -> M:
    """Read a body, or raise ``HostRefused`` of type ``malformed-answer``."""
    try:
        return kind.model_validate_json(answer.content)
    except ValueError:
        # The chain is cut: the validation error quotes the body.
        raise HostRefused(host, "malformed-answer", answer.status_code) from None


def dump(message: BaseModel) -> bytes:
    """Return the JSON body of a message."""
    return message.model_dump_json(exclude_none=True).encode()
