"""Windows: the manifests that two officers sign before the registrar may do anything at a host."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, StrictInt, model_validator

from . import strict_json
from .deployment import OfficerList
from .encoding import lp
from .messages.base import Bytes16, Bytes32, XWingPublic
from .names import Zone
from .signing import SignatureRefused, SigningKey, verify

Purpose = Literal["enrol", "ingest", "search", "reidentify", "recover", "suspend", "erase", "message"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
LONGEST_SECONDS = 12 * 3600

WITH_SUBJECTS: frozenset[Purpose] = frozenset({"recover", "reidentify", "suspend", "erase"})
"""Purposes whose officers decide about named people, so that every row of a call shows that it is about one of them."""

USES: Mapping[Purpose, Mapping[Zone, frozenset[str]]] = MappingProxyType(
    {
        "enrol": {
            "named": frozenset({"member", "enrol", "withdraw", "update", "index"}),
            "pseudonymous": frozenset({"mailbox", "roster"}),
        },
        "ingest": {
            "named": frozenset({"member", "profile", "index"}),
            "pseudonymous": frozenset({"checkup", "medical-claim", "guidance", "screening", "fact", "withdraw"}),
        },
        "search": {"named": frozenset({"search", "open"}), "pseudonymous": frozenset()},
        "reidentify": {"named": frozenset({"number"}), "pseudonymous": frozenset({"number"})},
        "recover": {"named": frozenset({"recover"}), "pseudonymous": frozenset({"recover"})},
        "suspend": {"named": frozenset({"suspend"}), "pseudonymous": frozenset({"suspend"})},
        "erase": {"named": frozenset({"erase"}), "pseudonymous": frozenset({"erase"})},
        "message": {"named": frozenset(), "pseudonymous": frozenset({"message"})},
    }
)
"""What a window of each purpose may count in each zone; a manifest with any other use is refused."""


class ManifestRefused(Exception):
    """A manifest is malformed, badly signed, or says something else than it must."""


class ManifestAhead(ManifestRefused):
    """A manifest names a later officers' list than the one known here."""


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
    quotas: dict[str, Annotated[StrictInt, Field(ge=0, lt=2**62)]]
    """How many of each use (:data:`USES`), counted by each host on its own."""
    officer_list: Annotated[StrictInt, Field(ge=1, lt=2**31)]
    """Number of the officers' list to which the signers belong."""
    not_before: StrictInt
    expires: StrictInt
    subjects: Bytes32 | None = None
    """RFC 9162 root of the salted subject list, for the purposes in :data:`WITH_SUBJECTS`."""
    subject_count: Annotated[StrictInt, Field(ge=1, lt=2**31)] | None = None
    """How many entries that list has."""

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if not 0 < self.expires - self.not_before <= LONGEST_SECONDS:
            raise ValueError("a window is open for at most 12 hours")
        if not self.quotas.keys() <= USES[self.purpose][self.zone]:
            raise ValueError("a quota for something that this purpose does not do")
        needed = self.purpose in WITH_SUBJECTS
        if (self.subjects is not None) != needed or (self.subject_count is not None) != needed:
            raise ValueError("a window is about listed subjects exactly where its purpose is about people")
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

    def read(self) -> Manifest:
        """Return what the bytes say, whoever signed them."""
        try:
            return Manifest.model_validate(strict_json.loads_object(self.raw))
        except ValueError:
            raise ManifestRefused("not a manifest") from None

    def check(self, officers: OfficerList, zone: Zone, origins: list[str], now: int) -> Manifest:
        """Return the manifest when two different current officers signed exactly these bytes for this zone and these origins."""
        manifest = self.read()
        if manifest.officer_list > officers.number:
            raise ManifestAhead("of officers who are not known here yet")
        if manifest.officer_list != officers.number:
            raise ManifestRefused("of an earlier officers' list")
        if len(self.signers(officers)) < 2:
            raise ManifestRefused("two officers must sign")
        if manifest.zone != zone:
            raise ManifestRefused("a manifest for the other zone")
        if list(manifest.origins) != sorted(origins, key=str.encode):
            raise ManifestRefused("a manifest for other origins")
        if not manifest.not_before <= now < manifest.expires:
            raise ManifestRefused("not open now")
        return manifest

    def signers(self, officers: OfficerList) -> set[bytes]:
        """Return the different keys that signed; raise :class:`ManifestRefused` unless all are officers' and hold."""
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
        return valid
