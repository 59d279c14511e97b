"""A live gateway makes access tokens for everybody and asks the other two authorities for everything."""

import secrets
import time

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey
from protocol import dpop
from protocol.access_token import AccessToken
from protocol.encoding import b64u
from protocol.jose import generate_p256, thumbprint
from protocol.messages.release import OidcEvidence, Release
from protocol.names import AuthorityName
from protocol.sealing import XWingPrivateKey
from protocol.statement import RELEASE, Statement

from drill.attack import Live
from drill.criteria import Outcome, exact
from drill.truth import Person, Truth
from drill.world import World

_TARGETS: tuple[AuthorityName, ...] = ("keyvault", "identity")
_VICTIMS = 40


class _Attacker:
    """Holds the gateway's token key, one real employee's evidence, and keys of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.origins = world.deployment.origins
        pem = (world.system.layout.host("gateway").secrets / "token").read_bytes()
        self.token_key = ECKey.import_key(pem)
        self.dpop_key = generate_p256()
        self.session = XWingPrivateKey.generate()

    def token(self, host: AuthorityName, ref: bytes) -> str:
        """Mint an access token: the gateway can, and K and I accept its signature."""
        now = int(time.time())
        token = AccessToken(
            issuer=self.origins["gateway"],
            audience=self.origins[host],
            ref=ref,
            sid=secrets.token_bytes(16),
            jkt=thumbprint(self.dpop_key),
            client_id="warifu-cli",
            issued_at=now,
            expires_at=now + 300,
        )
        return token.encode(self.token_key, b64u(secrets.token_bytes(16)))

    async def call(
        self, http: httpx.AsyncClient, host: AuthorityName, ref: bytes, request: tuple[str, str, bytes]
    ) -> httpx.Response:
        """Make one call (method, path, body) as that member."""
        method, path, body = request
        token = self.token(host, ref)
        url = self.origins[host] + path
        headers = {
            "Authorization": f"DPoP {token}",
            "DPoP": dpop.make(self.dpop_key, method, url, int(time.time()), token),
            "Content-Type": "application/json",
        }
        return await http.request(method, url, content=body, headers=headers)


def _forged(attacker: _Attacker, work_id: str) -> list[Release]:
    """Return releases with ID tokens about a victim whose work id was guessed, signed by whatever keys the attacker has."""
    idp = attacker.world.deployment.group_idps[0]
    origins = attacker.world.deployment.sorted_origins
    now = int(time.time())
    releases = []
    for key in (attacker.token_key, generate_p256()):
        statement = Statement.make(RELEASE, origins, now, thumbprint(attacker.dpop_key), attacker.session.public_bytes)
        claims = {
            "iss": idp.issuer,
            "aud": idp.evidence_client,
            "sub": "anybody",
            idp.subject_claim: work_id,
            "nonce": b64u(statement.h),
            "iat": now,
            "exp": now + 300,
        }
        proof = OidcEvidence(id_token=jwt.encode({"alg": "ES256", "kid": b64u(thumbprint(key))}, claims, key))
        releases.append(Release(statement=statement.raw, evidence=proof, hpke=attacker.session.public_bytes))
    return releases


async def _stolen(attacker: _Attacker, http: httpx.AsyncClient, host: AuthorityName, person: Person) -> bool:
    """Return whether the attacker got anything of this member from this host."""
    assert person.work_id is not None
    bodies = [release.model_dump_json().encode() for release in _forged(attacker, person.work_id)]
    calls = [("POST", "/release", body) for body in bodies] + [("POST", "/rotation", b'{"v": 1}')]
    if host == "keyvault":
        calls += [("GET", f"/bundles/{version}", b"") for version in (0, 1)]
    answers = [await attacker.call(http, host, person.ids[host], call) for call in calls]
    return any(answer.is_success for answer in answers)


async def _run(world: World, truth: Truth) -> Outcome:
    attacker = _Attacker(world)
    victims = [person for person in truth.persons if person.work_id][:_VICTIMS]
    async with httpx.AsyncClient(timeout=30) as http:
        won = [await _stolen(attacker, http, host, person) for person in victims for host in _TARGETS]
    return exact(sum(won), len(won), "members' parts released to tokens the gateway minted")


ATTACK = Live(
    "gateway-mints-tokens",
    "The gateway signs tokens for everybody, forges evidence about guessed work ids, and asks keyvault and identity.",
    ("gateway",),
    _run,
)
