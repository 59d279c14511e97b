"""The public description of one deployment: what hosts, registrar and members pin about each other.

It holds no secret. In JSON, bytes are unpadded base64url.
"""

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StrictInt, model_validator

from .encoding import b64u, unb64u
from .names import AUTHORITIES, HOSTS, AuthorityName, HostName

_ORIGIN = re.compile(r"(https?)://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?")
_LINK_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]*)*")
_OWN_PORTS = {("http", "80"), ("https", "443")}

SignatureAlgorithm = Literal["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
"""What a provider may sign with: public-key signatures alone, so that nobody who verifies can also sign."""


def _decode(value: object) -> object:
    return unb64u(value) if isinstance(value, str) else value


B64 = Annotated[bytes, BeforeValidator(_decode), PlainSerializer(b64u, return_type=str, when_used="json")]
"""Bytes in Python, unpadded base64url in JSON."""


def _is_origin(text: str) -> bool:
    found = _ORIGIN.fullmatch(text)
    return found is not None and found.groups() not in _OWN_PORTS


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AuthorityPublic(_Frozen):
    """The pinned public keys of one authority."""

    signing: B64
    """Ed25519, 32 bytes."""
    voprf: dict[str, B64]
    """ristretto255 public key for each use, 32 bytes."""
    unseal: dict[str, B64]
    """X25519 public key for each use of the split seal, 32 bytes."""
    signing_next: B64 | None = None
    """Ed25519, while the signing key is being replaced: the authority signs with either."""

    @property
    def signing_keys(self) -> tuple[bytes, ...]:
        """What its signatures verify under: the present signing key, and the next one if there is one."""
        return (self.signing,) if self.signing_next is None else (self.signing, self.signing_next)

    def pins(self, keys: "AuthorityPublic") -> bool:
        """Return whether an authority with these keys is the one described here, with its present signing key or the next."""
        return keys.signing in self.signing_keys and (keys.voprf, keys.unseal) == (self.voprf, self.unseal)


class GroupIdp(_Frozen):
    """The identity provider of a corporate group."""

    issuer: str
    evidence_client: str
    """The public client that is used for evidence alone; never the gateway's own."""
    subject_claim: str = "sub"
    """The ID token claim whose value the registrar knows for each employee, such as an employee number."""
    allowed_claims: frozenset[str] = frozenset()
    """Claims an evidence ID token may carry besides those of OpenID Connect itself."""
    algorithms: Annotated[tuple[SignatureAlgorithm, ...], Field(min_length=1)] = ("ES256",)
    name: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=32)] = "group"
    """A word of its own, which stands in the gateway's redirect URI at this provider."""
    title_ja: str = "会社のアカウント"
    """What people choose it by, where there are several."""
    title_en: str = "Work account"


class Portal(_Frozen):
    """An origin on which passkeys live; it serves pages, and is none of the five hosts."""

    origin: str
    rp_id: str
    """WebAuthn relying party id: the origin's host or a domain above it (Web Authentication Level 3 section 5.1.3)."""

    @model_validator(mode="after")
    def _belongs(self) -> Self:
        host = urlsplit(self.origin).hostname or ""
        if not _is_origin(self.origin) or (host != self.rp_id and not host.endswith("." + self.rp_id)):
            raise ValueError("a portal is an origin and a relying party id that is its host or stands above it")
        return self


class Officer(_Frozen):
    """Someone who signs windows."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")]
    """A plain word, because it is shown at terminals."""
    key: Annotated[B64, Field(min_length=32, max_length=32)]
    """Ed25519, 32 bytes."""


class OfficerList(_Frozen):
    """A numbered list of officers; how one list follows another is :mod:`protocol.officers`."""

    number: Annotated[StrictInt, Field(ge=1, lt=2**31)]
    officers: tuple[Officer, ...]

    @model_validator(mode="after")
    def _different(self) -> Self:
        if len({officer.id for officer in self.officers}) != len(self.officers):
            raise ValueError("two officers have the same id")
        if len({officer.key for officer in self.officers}) != len(self.officers):
            raise ValueError("two officers have the same key")
        return self

    def key_of(self, officer_id: str) -> bytes | None:
        """Return the officer's public key, or ``None`` when nobody of that id is listed."""
        return next((officer.key for officer in self.officers if officer.id == officer_id), None)


class LogBeginning(_Frozen):
    """A release log that began anew, because its authority was restored from an older state."""

    number: Annotated[StrictInt, Field(ge=2, lt=2**31)]
    """Counts an authority's logs; the first one, 1, is not listed."""
    since: date
    """The day (UTC) on which it began; what its authority did until then, this log may lack."""
    before: Annotated[str, Field(max_length=8192)]
    """What others cosigned last of the log before it: a checkpoint with their signatures (:mod:`protocol.checkpoint`)."""


class Deployment(_Frozen):
    """Origins and public keys of one deployment, which serves one insurer."""

    insurer: str
    """Insurer number, 8 digits."""
    origins: dict[HostName, str]
    """The five origins, in WHATWG form: scheme, host, port unless default, no path."""
    authorities: dict[AuthorityName, AuthorityPublic]
    group_idps: tuple[GroupIdp, ...] = ()
    officers: OfficerList
    insurer_key: B64
    """The insurer's X-Wing public key, to which split seals are made: 1,216 bytes."""
    portal: Portal | None = None
    """The members'. Without one nobody signs in with a passkey."""
    staff_portal: Portal | None = None
    """The staff's, with a relying party of its own, so that no passkey is both. Without one no staff session opens."""
    tls_authority: str | None = None
    """PEM certificate of who signs the hosts' certificates, where that is the deployment itself."""
    partner_origins: dict[HostName, str] = {}
    """Where registrar and gateway call the hosts, with certificates of their own. Without them that is where everybody does."""
    message_links: tuple[str, ...] = ()
    """Origins beside the portal's to which messages may link."""
    search_epochs: Annotated[tuple[Annotated[StrictInt, Field(ge=1, lt=10_000)], ...], Field(min_length=1, max_length=2)] = (1,)
    """Search keys that are valid: members are indexed under the last, and found under all; two only while they are indexed anew."""
    logs: dict[AuthorityName, LogBeginning] = {}
    """Release logs that are not their authority's first."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if set(self.origins) != set(HOSTS) or set(self.authorities) != set(AUTHORITIES):
            raise ValueError("all five origins and all three authorities are needed")
        if not all(_is_origin(origin) for origin in self.origins.values()):
            raise ValueError("an origin is a scheme, a host in lower case, and a port that is not the scheme's own")
        if len(set(self.origins.values())) != len(HOSTS):
            raise ValueError("two hosts have the same origin")
        portals = [portal for portal in (self.portal, self.staff_portal) if portal]
        if len({*self.origins.values(), *(portal.origin for portal in portals)}) != len(HOSTS) + len(portals):
            raise ValueError("a portal has an origin of its own")
        if len({portal.rp_id for portal in portals}) != len(portals):
            raise ValueError("the staff's passkeys have a relying party of their own")
        if not all(_is_origin(origin) for origin in self.message_links):
            raise ValueError("messages link to origins")
        if len({idp.issuer for idp in self.group_idps}) != len(self.group_idps):
            raise ValueError("two providers have the same issuer")
        if len({idp.name for idp in self.group_idps}) != len(self.group_idps):
            raise ValueError("two providers have the same name")
        return self

    @model_validator(mode="after")
    def _epochs_follow(self) -> Self:
        if any(after != before + 1 for before, after in pairwise(self.search_epochs)):
            raise ValueError("an epoch of search keys follows the one before it")
        return self

    @model_validator(mode="after")
    def _partners_by_tls(self) -> Self:
        if self.partner_origins and (set(self.partner_origins) != set(HOSTS) or self.tls_authority is None):
            raise ValueError("partners' origins are those of all five, with an authority")
        if not all(_is_origin(origin) and origin.startswith("https://") for origin in self.partner_origins.values()):
            raise ValueError("a partners' origin is an origin with TLS")
        return self

    @property
    def sorted_origins(self) -> list[str]:
        """The five origins sorted bytewise, as statements and manifests list them."""
        return sorted(self.origins.values(), key=str.encode)

    def partner_origin(self, host: HostName) -> str:
        """Return where a partner calls a host; what it signs names the host's own origin all the same."""
        return self.partner_origins.get(host, self.origins[host])

    def log_number(self, host: AuthorityName) -> int:
        """Return which release log of an authority is the present one; the first is 1."""
        return self.logs[host].number if host in self.logs else 1

    def may_link(self, url: str) -> bool:
        """Say whether a message may link there: a plain path at the portal or at one of ``message_links``.

        Neither a query nor a fragment, because what is different for each reader would say at the link's end who reads.
        """
        origins = (*((self.portal.origin,) if self.portal else ()), *self.message_links)
        return any(url.startswith(origin) and _LINK_PATH.fullmatch(url[len(origin) :]) for origin in origins)

    @classmethod
    def load(cls, path: Path) -> "Deployment":
        """Read ``deployment.json``."""
        return cls.model_validate_json(path.read_bytes())
