"""Opening the three authorities' parts and joining them to the member key."""

from collections.abc import Mapping
from dataclasses import dataclass

from protocol.access_token import AccessToken
from protocol.bundle import Bundle
from protocol.deployment import Deployment
from protocol.names import AUTHORITIES, AuthorityName
from protocol.release import Part, SealedPart
from protocol.sealing import OpenError
from protocol.shares import member_key
from protocol.signing import SignatureRefused

from ._keys import SessionKeys
from .errors import KeyMaterialRefused


@dataclass(frozen=True, repr=False)
class Opened:
    """One authority's part, checked and open."""

    ref: bytes
    version: int
    """Current key version at this authority."""
    expires: int
    shares: Mapping[int, bytes]
    part: Part


def open_part(
    sealed: SealedPart, host: AuthorityName, token: AccessToken, *, keys: SessionKeys, deployment: Deployment, now: int
) -> Opened:
    """Open a part under the pinned signing key; it must speak of the reference and session that the own token speaks of."""
    if sealed.host != host or sealed.ref != token.ref or sealed.sid != token.sid:
        raise KeyMaterialRefused(host, "a part of another host, member or session")
    if sealed.exp <= now:
        raise KeyMaterialRefused(host, "a part that has expired")
    try:
        part = sealed.open(keys.hpke, keys.jkt, deployment.authorities[host].signing_keys)
    except SignatureRefused as error:
        raise KeyMaterialRefused(host, "a part that its pinned key did not sign") from error
    except OpenError as error:
        raise KeyMaterialRefused(host, "a part that does not open") from error
    shares = {share.v: share.share for share in part.shares}
    if sealed.v not in shares or not set(shares) <= {sealed.v, sealed.v + 1}:
        raise KeyMaterialRefused(host, "a part without its current share")
    return Opened(sealed.ref, sealed.v, sealed.exp, shares, part)


@dataclass(frozen=True, repr=False)
class Joined:
    """All three parts."""

    parts: Mapping[AuthorityName, Opened]

    @property
    def expires(self) -> int:
        """When the first of the three ends this session."""
        return min(part.expires for part in self.parts.values())

    @property
    def bundles(self) -> dict[int, bytes]:
        """The sealed bundles by version."""
        return {stored.v: stored.bundle for stored in self.parts["keyvault"].part.bundles}

    def newest(self) -> int | None:
        """Return the highest version for which all three gave a share and the keyvault a bundle.

        ``None`` while another device commits a rotation between the three answers: ask again.
        """
        shared = set.intersection(*(set(part.shares) for part in self.parts.values()))
        return max(shared & set(self.bundles), default=None)

    def renew(self, version: int) -> bool:
        """Return whether an authority asks for a rotation, and nothing before it is unfinished."""
        parts = self.parts.values()
        return all(part.version == version for part in parts) and any(part.part.renew for part in parts)

    def member_key(self, version: int) -> bytes:
        """Return the member key of one version."""
        try:
            return member_key({host: self.parts[host].shares[version] for host in AUTHORITIES}, version)
        except KeyError as error:
            raise KeyMaterialRefused("keyvault", "a share is missing") from error

    def open_bundle(self, sealed: bytes, version: int) -> Bundle:
        """Open a bundle of one version; from version 1 on it must hold everything that a session needs."""
        try:
            bundle = Bundle.open(sealed, self.member_key(version), self.parts["keyvault"].ref, version)
        except OpenError as error:
            raise KeyMaterialRefused("keyvault", "a bundle that does not open") from error
        if version > 0 and not (all(bundle.readers.get(store) for store in bundle.seeds) and bundle.mailbox and bundle.log):
            raise KeyMaterialRefused("keyvault", "a bundle without its keys")
        return bundle
