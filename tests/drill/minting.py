"""Calls of members' devices with tokens that the gateway signed: an honest one for members, one in other hands for the attacker.

What is called so is one authority, without a browser and without the other two: that is how an attacker calls as well.
"""

import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import httpx
from joserfc.jwk import ECKey
from protocol import dpop
from protocol.access_token import AccessToken
from protocol.encoding import b64u, sha256
from protocol.jose import generate_p256, thumbprint
from protocol.messages.base import Message
from protocol.messages.release import Release
from protocol.messages.verifiers import (
    Addition,
    AuthorisedChange,
    Cancellation,
    ConfirmVerifier,
    Removal,
    VerifierChanged,
    change_body,
)
from protocol.names import AUTHORITIES, AuthorityName
from protocol.sealing import XWingPrivateKey
from protocol.statement import RELEASE, Statement

from drill.people import Someone
from drill.ways import Way
from drill.world import World

Change = Addition | Removal | Cancellation


def _fresh_sids() -> dict[AuthorityName, bytes]:
    return {host: secrets.token_bytes(16) for host in AUTHORITIES}


@dataclass(frozen=True)
class Device:
    """The keys of one session, and its id at each authority."""

    key: ECKey = field(default_factory=generate_p256)
    hpke: XWingPrivateKey = field(default_factory=XWingPrivateKey.generate)
    sids: Mapping[AuthorityName, bytes] = field(default_factory=_fresh_sids)

    @property
    def jkt(self) -> bytes:
        """Thumbprint of the DPoP key."""
        return thumbprint(self.key)

    def again(self) -> "Device":
        """Return the same keys in a session of another id."""
        return Device(self.key, self.hpke)


class Mint:
    """The gateway's token key, and what one does with it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.origins = world.deployment.origins
        self.key = ECKey.import_key((world.system.layout.host("gateway").secrets / "token").read_bytes())

    def token(self, host: AuthorityName, ref: bytes, jkt: bytes, sid: bytes) -> str:
        """Return an access token for any member and any key."""
        now = int(time.time())
        token = AccessToken(
            issuer=self.origins["gateway"],
            audience=self.origins[host],
            ref=ref,
            sid=sid,
            jkt=jkt,
            client_id="warifu-cli",
            issued_at=now,
            expires_at=now + 300,
        )
        return token.encode(self.key, b64u(secrets.token_bytes(16)))

    async def call(
        self, device: Device, host: AuthorityName, ref: bytes, method: str, path: str, body: Message | bytes = b""
    ) -> httpx.Response:
        """Make one call as that member."""
        token = self.token(host, ref, device.jkt, device.sids[host])
        url = self.origins[host] + path
        proof = dpop.make(device.key, method, url, int(time.time()), token)
        headers = {"Authorization": f"DPoP {token}", "DPoP": proof, "Content-Type": "application/json"}
        content = body if isinstance(body, bytes) else body.model_dump_json(exclude_none=True).encode()
        return await self.world.http.request(method, url, content=content, headers=headers)

    def statement(self, device: Device, purpose: str = RELEASE, body: bytes | None = None, *, age: int = 0) -> Statement:
        """Return a statement about a device's session, made ``age`` seconds ago."""
        now = int(time.time()) - age
        return Statement.make(purpose, self.world.deployment.sorted_origins, now, device.jkt, device.hpke.public_bytes, body)

    def release(self, device: Device, host: AuthorityName, way: Way, *, age: int = 0) -> Release:
        """Return the body of a release at one host."""
        statement = self.statement(device, age=age)
        return Release(statement=statement.raw, evidence=way(host, statement.h), hpke=device.hpke.public_bytes)

    async def sign_in(self, device: Device, someone: Someone, way: Way, hosts: Iterable[AuthorityName] = AUTHORITIES) -> None:
        """Release to a member's device at some authorities: one gesture, one statement."""
        statement = self.statement(device)
        for host in hosts:
            body = Release(statement=statement.raw, evidence=way(host, statement.h), hpke=device.hpke.public_bytes)
            answer = await self.call(device, host, someone.refs[host], "POST", "/release", body)
            answer.raise_for_status()

    def authorised(self, device: Device, way: Way, wanted: Mapping[AuthorityName, Change]) -> dict[AuthorityName, AuthorisedChange]:
        """Return what a device tells each authority of a change, on one statement of the member."""
        raw = {host: change.model_dump_json(exclude_none=True).encode() for host, change in wanted.items()}
        hashes = {host: sha256(raw[host]) for host in AUTHORITIES}
        statement = self.statement(device, wanted["gateway"].action, change_body(hashes))
        return {
            host: AuthorisedChange(
                statement=statement.raw,
                evidence=way(host, statement.h),
                change=raw[host],
                others={other: found for other, found in hashes.items() if other != host},
            )
            for host in AUTHORITIES
        }

    async def add(self, device: Device, someone: Someone, way: Way, wanted: Mapping[AuthorityName, Addition]) -> None:
        """Add a way to sign in at all three, and confirm it."""
        receipts = {}
        for host, change in self.authorised(device, way, wanted).items():
            answer = await self.call(device, host, someone.refs[host], "POST", "/verifiers/changes", change)
            stored = VerifierChanged.model_validate_json(answer.raise_for_status().content).stored
            assert stored is not None
            receipts[host] = stored.receipt
        for host in AUTHORITIES:
            path = f"/verifiers/{b64u(wanted[host].id)}/confirmation"
            answer = await self.call(device, host, someone.refs[host], "POST", path, ConfirmVerifier(receipts=receipts))
            answer.raise_for_status()
