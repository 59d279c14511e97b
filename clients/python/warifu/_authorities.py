"""Calls to the three authorities: each carries the gateway's token for that host and a DPoP proof."""

import asyncio
from collections.abc import Callable, Mapping

import httpx
from protocol import dpop
from protocol.encoding import sha256
from protocol.messages.release import BundleReceipt, Commit, PutBundle, Release, Rotate
from protocol.names import AUTHORITIES, AuthorityName
from protocol.release import SealedPart, VersionedBundle
from protocol.rotation import verify_receipt
from protocol.signing import SignatureRefused
from protocol.statement import Statement
from pydantic import BaseModel

from ._evidence import Evidence
from ._gateway import Tokens
from ._keys import SessionKeys
from ._parts import Opened, open_part
from ._wire import Wire, dump, parse
from .errors import HostRefused, KeyMaterialRefused, SessionEnded


class Authorities:
    """The gateway, the keyvault and identity, as one session speaks to them."""

    def __init__(self, wire: Wire, tokens: Tokens, keys: SessionKeys) -> None:
        self._wire = wire
        self._tokens = tokens
        self._keys = keys
        self.when_ended: Callable[[], None] = lambda: None
        """Called when an authority says that the session is over."""

    async def release(self, host: AuthorityName, evidence: Evidence) -> Opened:
        """Ask for this member's part. Asking again with the same evidence gives the part as it is then."""
        body = Release(statement=evidence.statement.raw, evidence=evidence.proofs[host], hpke=self._keys.hpke.public_bytes)
        return await self._part(host, "/release", body)

    async def pending(self, host: AuthorityName, version: int) -> Opened:
        """Ask for the pending share of ``version``; it is made once and never replaced."""
        return await self._part(host, "/rotation", Rotate(v=version))

    async def put_bundle(self, version: int, sealed: bytes) -> bool:
        """Insert a bundle; ``False`` means that another device was first."""
        try:
            await self.call("keyvault", "PUT", f"/bundles/{version}", PutBundle(bundle=sealed))
        except HostRefused as error:
            if error.type != "bundle-exists":
                raise
            return False
        return True

    async def get_bundle(self, version: int) -> bytes:
        """Return the sealed bundle that the keyvault holds."""
        answer = await self.call("keyvault", "GET", f"/bundles/{version}")
        stored = parse("keyvault", VersionedBundle, answer)
        if stored.v != version:
            raise KeyMaterialRefused("keyvault", "a bundle of another version")
        return stored.bundle

    async def receipt(self, version: int, sealed: bytes) -> Commit:
        """Return the keyvault's word that it stores exactly this bundle, ready to be shown to all three."""
        answer = await self.call("keyvault", "POST", f"/bundles/{version}/receipt")
        receipt = parse("keyvault", BundleReceipt, answer)
        if (receipt.v, receipt.bundle_hash) != (version, sha256(sealed)):
            raise KeyMaterialRefused("keyvault", "a receipt for another bundle")
        pinned = self._wire.deployment.authorities["keyvault"].signing_keys
        try:
            verify_receipt(pinned, receipt.receipt, self._keys.jkt, version, receipt.bundle_hash)
        except SignatureRefused as error:
            raise KeyMaterialRefused("keyvault", "a receipt that does not verify") from error
        return Commit(v=version, bundle_hash=receipt.bundle_hash, receipt=receipt.receipt)

    async def commit(self, host: AuthorityName, commit: Commit) -> None:
        """Make the pending share of ``host`` the current one."""
        await self.call(host, "POST", "/rotation/commit", commit)

    async def end(self, host: AuthorityName) -> None:
        """End this session at ``host``."""
        await self.call(host, "DELETE", "/session")

    async def end_all(self, host: AuthorityName) -> None:
        """End all sessions of the member at ``host``, this one too."""
        await self.call(host, "DELETE", "/sessions")

    def statement(self, purpose: str, body: bytes | None = None) -> Statement:
        """Return a fresh statement about this session."""
        now, keys = self._wire.clock(), self._keys
        return Statement.make(purpose, self._wire.deployment.sorted_origins, now, keys.jkt, keys.hpke.public_bytes, body)

    @property
    def jkt(self) -> bytes:
        """Thumbprint of the session's DPoP key."""
        return self._keys.jkt

    async def have_tokens(self) -> None:
        """Renew what is about to expire, as long as the gateway still does so."""
        await asyncio.gather(*(self._tokens.of(host) for host in AUTHORITIES), return_exceptions=True)

    async def _part(self, host: AuthorityName, path: str, body: BaseModel) -> Opened:
        part = parse(host, SealedPart, await self.call(host, "POST", path, body))
        grant = await self._tokens.of(host)
        return open_part(part, host, grant.token, keys=self._keys, deployment=self._wire.deployment, now=self._wire.clock())

    async def call(self, host: AuthorityName, method: str, path: str, message: BaseModel | None = None) -> httpx.Response:
        """Send one request with the session's token for ``host``."""
        try:
            return await self._call(host, method, path, message)
        except SessionEnded:
            self.when_ended()
            raise

    async def _call(self, host: AuthorityName, method: str, path: str, message: BaseModel | None) -> httpx.Response:
        grant = await self._tokens.of(host)

        def headers() -> Mapping[str, str]:
            proof = dpop.make(self._keys.dpop, method, self._wire.url(host, path), self._wire.clock(), grant.raw)
            return {"Authorization": f"DPoP {grant.raw}", "DPoP": proof}

        return await self._wire.send(host, method, path, headers=headers, body=dump(message) if message else b"")
