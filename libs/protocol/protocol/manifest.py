"""Windows: the manifests that two officers sign before the registrar may do anything at a host."""

from dataclasses import dataclass
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, StrictInt, model_validator

from . import strict_json
from .deployment import B64, OfficerList
from .encoding import lp
from .messages.base import Bytes16, Bytes32, XWingPublic
from .names import Zone
from .signing import SignatureRefused, SigningKey, verify

Purpose = Literal["enrol", "ingest", "search", "reidentify", "recover", "suspend", "erase"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
LONGEST_SECONDS = 12 * 3600


class ManifestRefused(Exception):
    """A manifest is malformed, badly signed, or says something else than it must."""


class Manifest(BaseModel):
    """What the registrar may do, where, how often and until when. Each zone gets its own, with an unrelated id and keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    id: Bytes16
    """16 random bytes, unique to this window and zone."""
    zone: Zone
    purpose: Purpose
    request_jkt: Bytes32
    """Thumbprint of the P-256 key with which the registrar signs every call."""
    hpke: XWingPublic
    """X-Wing public key to which hosts seal their answers."""
    origins: tuple[str, ...]
    """The five origins, sorted bytewise."""
    quotas: dict[str, StrictInt]
    """How many of each use, counted by each host on its own."""
    not_before: StrictInt
    expires: StrictInt
    subjects: B64 | None = Field(default=None)
    """RFC 9162 root of the salted subject list, for the purposes that need one."""

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if not 0 < self.expires - self.not_before <= LONGEST_SECONDS:
            raise ValueError("a window is open for at most 12 hours")
        if any(quota < 0 for quota in self.quotas.values()):
            raise ValueError("a quota is not negative")
        return self


@dataclass(frozen=True)
class SignedManifest:
    """A manifest as sent: its exact bytes, and signatures by officer id."""

    raw: bytes
    signatures: dict[str, bytes]

    @classmethod
    def draft(cls, manifest: Manifest) -> "SignedManifest":
        """Return the manifest's bytes, not yet signed."""
        return cls(manifest.model_dump_json(exclude_none=True).encode(), {})

    def signed_by(self, officer_id: str, key: SigningKey) -> "SignedManifest":
        """Return a copy that also carries this officer's signature."""
        return SignedManifest(self.raw, {**self.signatures, officer_id: key.sign(lp("manifest", self.raw))})

    def check(self, officers: OfficerList, zone: Zone, origins: list[str], now: int) -> Manifest:
        """Return the manifest when two different current officers signed exactly these bytes for this zone and these origins."""
        try:
            manifest = Manifest.model_validate(strict_json.loads_object(self.raw))
        except ValueError:
            raise ManifestRefused("not a manifest") from None
        valid: set[bytes] = set()
        for officer_id, signature in self.signatures.items():
            key = officers.key_of(officer_id)
            if key is None:
                raise ManifestRefused("signed by somebody who is not a current officer")
            try:
                verify(key, signature, lp("manifest", self.raw))
            except SignatureRefused as error:
                raise ManifestRefused("an officer's signature does not verify") from error
            valid.add(key)
        if len(valid) < 2:
            raise ManifestRefused("two officers must sign")
        if manifest.zone != zone:
            raise ManifestRefused("a manifest for the other zone")
        if list(manifest.origins) != sorted(origins, key=str.encode):
            raise ManifestRefused("a manifest for other origins")
        if not manifest.not_before <= now < manifest.expires:
            raise ManifestRefused("not open now")
        return manifest
