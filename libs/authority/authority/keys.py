"""Public keys of others: the gateway's, with which tokens are verified, and those of the groups' providers."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any, Protocol

import httpx
import structlog
from chassis.clock import Clock
from chassis.config import TlsConfig
from chassis.problems import Unavailable
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, import_key
from protocol.deployment import Deployment
from protocol.trust import trust

FRESH_S = 300
"""Keys of this age are fetched again, so that one which its owner withdrew is soon not accepted."""
STALE_S = 3600
"""Keys of this age are no longer used, even when nothing newer can be fetched."""
PATIENCE_S = 10
"""An unknown key id makes no more than one fetch in this time."""
FETCH_S = 5
"""For one look, however slowly the answer comes."""
_LARGEST = 256 * 1024
_log = structlog.get_logger("authority.keys")


class TokenKeys(Protocol):
    """Where the gateway's public token keys come from."""

    async def keys(self, kid: str | None) -> KeySet:
        """Return the keys, after a fresh look where ``kid`` is not among those known; raises Unavailable."""
        ...


class RemoteKeys:
    """A JSON Web Key Set (RFC 7517) at a URL, kept for a while."""

    def __init__(self, client: httpx.AsyncClient, clock: Clock, url: str) -> None:
        """Keep how to fetch; nothing is fetched yet."""
        self._client = client
        self._clock = clock
        self._url = url
        self._keys: KeySet | None = None
        self._kids: frozenset[str | None] = frozenset()
        self._fetched = 0
        self._tried = 0
        self._lock = asyncio.Lock()

    async def keys(self, kid: str | None) -> KeySet:
        """Return the keys, after a fresh look where ``kid`` is not among those known; raises Unavailable."""
        if not self._satisfies(kid):
            async with self._lock:
                # Again, because another call may have looked meanwhile.
                if not self._satisfies(kid) and self._may_try():
                    await self._refresh()
        if self._keys is None or self._clock.timestamp() - self._fetched > STALE_S:
            raise Unavailable(headers={"Retry-After": str(PATIENCE_S)})
        return self._keys

    async def _url_of_keys(self) -> str:
        return self._url

    def _satisfies(self, kid: str | None) -> bool:
        fresh = self._keys is not None and self._clock.timestamp() - self._fetched <= FRESH_S
        return fresh and (kid is None or kid in self._kids)

    def _may_try(self) -> bool:
        # Without any keys nothing can be answered, so the next look is soon; but not once for every waiting call.
        return self._clock.timestamp() - self._tried >= (PATIENCE_S if self._keys else 1)

    async def _refresh(self) -> None:
        self._tried = self._clock.timestamp()
        try:
            async with asyncio.timeout(FETCH_S):
                keys = _key_set(await fetch_json(self._client, await self._url_of_keys()))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, RecursionError, ValueError, TypeError, KeyError) as error:
            _log.warning("keys_not_fetched", error=type(error).__name__)
            return
        self._keys, self._fetched = keys, self._tried
        self._kids = frozenset(key.kid for key in keys.keys)


class ProviderKeys(RemoteKeys):
    """The keys of an OpenID provider, found by its discovery document (OpenID Connect Discovery 1.0 section 4)."""

    def __init__(self, client: httpx.AsyncClient, clock: Clock, issuer: str) -> None:
        """Keep the issuer; nothing is fetched yet."""
        super().__init__(client, clock, issuer.rstrip("/") + "/.well-known/openid-configuration")
        self._issuer = issuer

    async def _url_of_keys(self) -> str:
        metadata = await fetch_json(self._client, self._url)
        url = str(metadata["jwks_uri"])
        if metadata["issuer"] != self._issuer:
            raise ValueError("a discovery document of another issuer")
        if not url.startswith("https://") and url.split("/")[:3] != self._issuer.split("/")[:3]:
            raise ValueError("keys at another origin need TLS")
        return url


async def fetch_json(client: httpx.AsyncClient, url: str) -> Mapping[str, Any]:
    """Return a JSON object; raises httpx's errors, and ValueError for anything else than an object of moderate size."""
    async with client.stream("GET", url, headers={"Accept": "application/json"}) as response:
        response.raise_for_status()
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > _LARGEST:
                raise ValueError("an answer is too large")
    # httpx decodes by RFC 8259's rules for encodings.
    value = httpx.Response(200, content=bytes(body)).json()
    if not isinstance(value, dict):
        raise TypeError("an answer is not a JSON object")
    return value


def http_client(deployment: Deployment, tls: TlsConfig | None = None) -> httpx.AsyncClient:
    """Return the client that asks others: no redirects, no proxies of the environment, short patience.

    The deployment's hosts are checked as it says, and shown the own certificate ``tls`` where they ask for one.
    """
    checks = trust(deployment)
    if checks is not None and tls is not None:
        checks.load_cert_chain(tls.certificate_file, tls.key_file)
    origins = {*deployment.origins.values(), *deployment.partner_origins.values()}
    mounts = {origin: httpx.AsyncHTTPTransport(verify=checks) for origin in origins} if checks else None
    return httpx.AsyncClient(timeout=5, follow_redirects=False, trust_env=False, mounts=mounts)


def _key_set(value: Mapping[str, Any]) -> KeySet:
    keys: list[Key] = []
    for jwk in value["keys"]:
        # RFC 7517 section 5: keys that are not understood are ignored.
        if not isinstance(jwk, dict) or jwk.get("use", "sig") != "sig" or not isinstance(jwk.get("kid"), str | None):
            continue
        with contextlib.suppress(JoseError, ValueError, TypeError, KeyError, AttributeError):
            keys.append(import_key(jwk))
    if not keys:
        raise ValueError("no usable keys")
    return KeySet(keys)
