"""Somebody of the insurer's staff at anon-data: a passkey, a DPoP key, and calls; in honest hands or in the attacker's."""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx
from joserfc.jwk import ECKey
from protocol import dpop
from protocol.jose import generate_p256, thumbprint
from protocol.messages.release import PasskeyEvidence
from protocol.messages.staff import OpenStaffSession, PutStaffList, StaffListHere
from protocol.names import StoreName
from protocol.signing import Signer
from protocol.staff import Role, SignedStaffList, StaffGrant, StaffList, StaffPasskey, StaffStatement
from protocol.staff_token import LIFETIME, StaffToken
from registrar.officers import Officer, load_officers
from support.software_authenticator import SoftwareAuthenticator

from drill.seized_keys import authority_keys
from drill.workstation import JSON, encoded
from drill.world import World

STORE: StoreName = "anon-data"
OWN = "/staff/session"


def officers(world: World) -> Sequence[Officer]:
    """Return the officers of the list that is pinned."""
    return load_officers(sorted(world.system.layout.officers.glob("*.key")), world.deployment.officers)


async def next_list(world: World, *passkeys: StaffPasskey) -> SignedStaffList:
    """Return the list that anon-data would accept next, not yet signed."""
    here = StaffListHere.model_validate_json((await world.http.get(world.deployment.origins[STORE] + "/staff/list")).content)
    listed = StaffList(number=here.number + 1, officers=world.deployment.officers.number, passkeys=passkeys)
    return SignedStaffList.draft(listed, world.deployment.sorted_origins)


async def put_list(world: World, raw: bytes, signatures: Mapping[str, bytes]) -> httpx.Response:
    """Bring a list to anon-data."""
    body = encoded(PutStaffList(staff=raw, signatures=dict(signatures)))
    return await world.http.put(world.deployment.origins[STORE] + "/staff/list", content=body, headers=JSON)


@dataclass
class Colleague:
    """One of the staff, who is known to the gateway as ``subject`` at anon-data."""

    world: World
    id: str
    roles: tuple[Role, ...] = ("analyst",)
    subject: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ECKey = field(default_factory=generate_p256)

    def __post_init__(self) -> None:
        portal = self.world.deployment.staff_portal
        assert portal is not None
        self.portal, self.phone = portal, SoftwareAuthenticator()
        self.credential = self.phone.credential(portal.rp_id)
        self.signer: Signer = authority_keys(self.world, "gateway").signing

    @property
    def listed(self) -> StaffPasskey:
        """What two officers would sign."""
        grant = StaffGrant(subject=self.subject, roles=self.roles)
        return StaffPasskey(
            id=self.id,
            credential_id=self.credential.credential_id,
            public_key=self.credential.public_key,
            stores={STORE: grant},
        )

    async def hired(self) -> None:
        """Be listed by two officers, and open a session."""
        signed = await next_list(self.world, self.listed)
        for officer in officers(self.world)[:2]:
            signed = signed.signed_by(officer.id, officer.key)
        (await put_list(self.world, signed.raw, signed.signatures)).raise_for_status()
        (await self.open(self.opening())).raise_for_status()

    def opening(self, credential_id: bytes | None = None) -> OpenStaffSession:
        """Return a statement with its assertion, under another credential's id if one is given."""
        said = StaffStatement.make(self.world.deployment.origins[STORE], int(time.time()), thumbprint(self.key))
        made = self.phone.assertion(self.portal.rp_id, self.portal.origin, said.h)
        evidence = PasskeyEvidence(
            credential_id=credential_id or made.credential_id,
            authenticator_data=made.authenticator_data,
            client_data=made.client_data,
            signature=made.signature,
        )
        return OpenStaffSession(statement=said.raw, evidence=evidence)

    async def open(self, opening: OpenStaffSession) -> httpx.Response:
        """Open a session."""
        return await self.call("POST", "/staff/sessions", encoded(opening))

    async def call(self, method: str, path: str, body: bytes = b"") -> httpx.Response:
        """Make a call with a fresh token of the gateway."""
        origins, now = self.world.deployment.origins, int(time.time())
        token = StaffToken(
            iss=origins["gateway"],
            aud=origins[STORE],
            sub=self.subject,
            roles=self.roles,
            client_id="warifu-staff-cli",
            jkt=thumbprint(self.key),
            iat=now,
            exp=now + LIFETIME,
            jti=secrets.token_bytes(16),
        ).encode(self.signer)
        url = origins[STORE] + path
        headers = {"Authorization": f"DPoP {token}", "DPoP": dpop.make(self.key, method, url, now, token), **JSON}
        return await self.world.http.request(method, url, content=body, headers=headers)
