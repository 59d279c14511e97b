"""What the group's provider publishes about itself: metadata (OpenID Connect Discovery 1.0) and keys, fetched and kept a while."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from authority.keys import RemoteKeys, fetch_json
from chassis.clock import Clock

METADATA_LIFETIME = 3600


class ProviderUnreachable(Exception):
    """The provider does not answer, or not with what it must publish."""


class ProviderRefused(Exception):
    """The provider's answer to a sign-in is not one that this gateway asked for, or does not verify."""


@dataclass(frozen=True)
class Metadata:
    """The part of the provider's metadata that is used."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
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

    async def metadata(self) -> Metadata:
        """Return the provider's metadata, at most an hour old. Raises ProviderUnreachable."""
        now = self._time.timestamp()
        if self._metadata is None or not 0 <= now - self._metadata[1] < METADATA_LIFETIME:
            try:
                self._metadata = (self._read(await fetch_json(self._http, self._url)), now)
            except (httpx.HTTPError, ValueError, TypeError) as error:
                raise ProviderUnreachable("the provider does not answer as it must") from error
        return self._metadata[0]

    async def _url_of_keys(self) -> str:
        return (await self.metadata()).jwks_uri

    def _read(self, document: Mapping[str, Any]) -> Metadata:
        if document.get("issuer") != self.issuer:
            raise ValueError("discovery names another issuer")
        return Metadata(
            authorization_endpoint=self._endpoint(document.get("authorization_endpoint")),
            token_endpoint=self._endpoint(document.get("token_endpoint")),
            jwks_uri=self._endpoint(document.get("jwks_uri")),
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
