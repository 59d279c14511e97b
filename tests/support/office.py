"""Fictional staff of the insurer at one store: their passkeys, what officers sign of them, and their calls."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from joserfc.jwk import ECKey
from protocol import dpop
from protocol.deployment import Portal
from protocol.jose import generate_p256, thumbprint
from protocol.messages.base import Message
from protocol.messages.release import PasskeyEvidence
from protocol.messages.staff import OpenStaffSession, PutStaffList
from protocol.names import StoreName
from protocol.signing import SigningKey
from protocol.staff import Role, SignedStaffList, StaffGrant, StaffList, StaffPasskey, StaffStatement
from protocol.staff_token import LIFETIME, StaffToken
from support.software_authenticator import NewCredential, SoftwareAuthenticator
from support.store_host import GATEWAY, OFFICERS, ORIGINS, StoreHost, deployment
from warifu.errors import HostRefused

_JSON = {"Content-Type": "application/json"}


def portal() -> Portal:
    """Return the staff's portal."""
    found = deployment().staff_portal
    assert found is not None
    return found


@dataclass
class Colleague:
    """Somebody of the staff with a passkey, a DPoP key, and what the gateway says of them."""

    id: str
    roles: tuple[Role, ...] = ("analyst",)
    subject: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ECKey = field(default_factory=generate_p256)
    authenticator: SoftwareAuthenticator = field(default_factory=SoftwareAuthenticator)
    credential: NewCredential = field(init=False)

    def __post_init__(self) -> None:
        self.credential = self.authenticator.credential(portal().rp_id)

    def listed(self, store: StoreName, **changes: Any) -> StaffPasskey:
        """Return the entry that officers sign."""
        fields: dict[str, Any] = {
            "id": self.id,
            "credential_id": self.credential.credential_id,
            "public_key": self.credential.public_key,
            "stores": {store: StaffGrant(subject=self.subject, roles=self.roles)},
        }
        return StaffPasskey(**{**fields, **changes})

    def token(self, host: StoreHost, signer: SigningKey = GATEWAY, **changes: Any) -> str:
        """Return the gateway's staff token for this store."""
        now = host.clock.timestamp()
        fields: dict[str, Any] = {
            "iss": ORIGINS["gateway"],
            "aud": ORIGINS[host.store],
            "sub": self.subject,
            "roles": self.roles,
            "client_id": "warifu-staff-cli",
            "jkt": thumbprint(self.key),
            "iat": now,
            "exp": now + LIFETIME,
            "jti": secrets.token_bytes(16),
        }
        return StaffToken(**{**fields, **changes}).encode(signer)

    def headers(
        self, host: StoreHost, method: str, path: str, token: str | None = None, key: ECKey | None = None
    ) -> dict[str, str]:
        """Return the headers of a call."""
        shown = token or self.token(host)
        proof = dpop.make(key or self.key, method, ORIGINS[host.store] + path, host.clock.timestamp(), shown)
        return {"Authorization": f"DPoP {shown}", "DPoP": proof, **_JSON}

    async def call(
        self,
        host: StoreHost,
        method: str,
        path: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        message: Message | None = None,
    ) -> httpx.Response:
        """Call a route of the store."""
        body = None if message is None else message.model_dump_json()
        return await host.client.request(method, path, content=body, headers=headers or self.headers(host, method, path, token))

    def opening(self, host: StoreHost, statement: StaffStatement | None = None) -> OpenStaffSession:
        """Return what opens a session: a statement, and its assertion by the passkey."""
        said = statement or StaffStatement.make(ORIGINS[host.store], host.clock.timestamp(), thumbprint(self.key))
        made = self.authenticator.assertion(portal().rp_id, portal().origin, said.h)
        evidence = PasskeyEvidence(
            credential_id=made.credential_id,
            authenticator_data=made.authenticator_data,
            client_data=made.client_data,
            signature=made.signature,
        )
        return OpenStaffSession(statement=said.raw, evidence=evidence)

    async def open(self, host: StoreHost, request: OpenStaffSession | None = None, token: str | None = None) -> httpx.Response:
        """Open a session."""
        body = (request or self.opening(host)).model_dump_json()
        path = "/staff/sessions"
        return await host.client.post(path, content=body, headers=self.headers(host, "POST", path, token))


@dataclass
class Seat:
    """A colleague's session, as the SDK's desks want it."""

    host: StoreHost
    by: Colleague

    async def call(
        self, store: StoreName, method: str, path: str, body: bytes = b"", accept: str = "*/*", patience_s: float | None = None
    ) -> httpx.Response:
        """Make a call; what is refused is an error of the SDK, as with a real session."""
        assert store == self.host.store
        headers = {**self.by.headers(self.host, method, path), "Accept": accept}
        answer = await self.host.client.request(method, path, content=body, headers=headers, timeout=patience_s or 30)
        if answer.status_code >= 400:
            raise HostRefused(store, answer.json()["type"], answer.status_code)
        return answer


def signed_list(
    *passkeys: StaffPasskey, number: int = 1, officers: int = 1, signers: Sequence[str] = ("officer-a", "officer-b")
) -> SignedStaffList:
    """Return a staff list as these officers signed it."""
    signed = SignedStaffList.draft(StaffList(number=number, officers=officers, passkeys=passkeys), deployment().sorted_origins)
    for name in signers:
        signed = signed.signed_by(name, OFFICERS[name])
    return signed


async def put_list(host: StoreHost, signed: SignedStaffList) -> httpx.Response:
    """Bring a list to the store."""
    body = PutStaffList(staff=signed.raw, signatures=signed.signatures).model_dump_json()
    return await host.client.put("/staff/list", content=body, headers=_JSON)


async def staffed(host: StoreHost, *colleagues: Colleague, number: int = 1) -> None:
    """Let two officers list these colleagues, and let each open a session."""
    answer = await put_list(host, signed_list(*(one.listed(host.store) for one in colleagues), number=number))
    assert answer.status_code == 201, answer.text
    for one in colleagues:
        opened = await one.open(host)
        assert opened.status_code == 201, opened.text
