"""What a provider publishes about itself: metadata (OpenID Connect Discovery 1.0) and keys, fetched and kept a while."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from authority.keys import FETCH_S, PATIENCE_S, RemoteKeys, fetch_json
from chassis.clock import Clock

from gateway.upstream.errors import ProviderUnreachable

METADATA_LIFETIME = 3600


@dataclass(frozen=True)
class Metadata:
    """The part of the provider's metadata that is used."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    names_itself: bool
    """Whether its authorization responses carry ``iss`` (RFC 9207 section 3)."""


class Provider(RemoteKeys):
    """One issuer and its keys. Only its configured name is trusted; where its endpoints are, it says itself."""

    def __init__(self, issuer: str, http: httpx.AsyncClient, clock: Clock) -> None:
        super().__init__(http, clock, issuer.rstrip("/") + "/.well-known/openid-configuration")
        self.issuer = issuer
        self._http = http
        self._time = clock
        self._metadata: tuple[Metadata, int] | None = None
        self._failed: int | None = None
        self._looking = asyncio.Lock()

    async def metadata(self) -> Metadata:
        """Return the provider's metadata, at most an hour old. Raises ProviderUnreachable.

        However many ask at once, there is one look, and after one that failed none for ten seconds: nobody waits for a provider
        that is down longer than once.
        """
        async with self._looking:
            now = self._time.timestamp()
            if self._metadata is not None and 0 <= now - self._metadata[1] < METADATA_LIFETIME:
                return self._metadata[0]
            if self._failed is not None and 0 <= now - self._failed < PATIENCE_S:
                raise ProviderUnreachable("the provider did not answer a moment ago")
            try:
                async with asyncio.timeout(FETCH_S):
                    read = self._read(await fetch_json(self._http, self._url))
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, RecursionError, ValueError, TypeError) as error:
                self._failed = now
                raise ProviderUnreachable("the provider does not answer as it must") from error
            self._metadata, self._failed = (read, now), None
            return read

    async def _url_of_keys(self) -> str:
        try:
            return (await self.metadata()).jwks_uri
        except ProviderUnreachable as error:
            raise ValueError("no metadata, so no keys") from error

    def _read(self, document: Mapping[str, Any]) -> Metadata:
        if document.get("issuer") != self.issuer:
            raise ValueError("discovery names another issuer")
        userinfo = document.get("userinfo_endpoint")
        return Metadata(
            authorization_endpoint=self._endpoint(document.get("authorization_endpoint")),
            token_endpoint=self._endpoint(document.get("token_endpoint")),
            jwks_uri=self._endpoint(document.get("jwks_uri")),
            userinfo_endpoint=None if userinfo is None else self._endpoint(userinfo),
            names_itself=document.get("authorization_response_iss_parameter_supported") is True,
        )

    def _endpoint(self, url: object) -> str:
        # Nothing less than TLS, but where the issuer itself is a local one without.
        if not isinstance(url, str):
            raise TypeError("discovery lacks an endpoint")
        parts, own = urlsplit(url), urlsplit(self.issuer)
        if parts.scheme != "https" and (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
            raise ValueError("discovery names an endpoint without TLS")
        return url
