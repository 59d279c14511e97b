"""A live gateway makes access tokens for everybody and asks the other two authorities for everything.

It holds its token key, every reference, the honest session of one insider, and evidence that victims sent to it.
"""

import contextlib
import secrets
import time
from dataclasses import dataclass

import httpx
import warifu
from joserfc import jwt
from joserfc.jwk import ECKey
from local.group import DEMO_PASSPHRASE
from local.person import Person as Browser
from protocol import dpop
from protocol.access_token import AccessToken
from protocol.encoding import b64u, unb64u
from protocol.jose import generate_p256, peek_claims, thumbprint
from protocol.messages.release import OidcEvidence, Release
from protocol.names import AuthorityName
from protocol.sealing import XWingPrivateKey
from protocol.statement import RELEASE, Statement

from drill.attack import Live
from drill.criteria import Outcome, exact
from drill.truth import Person, Truth
from drill.world import World

_TARGETS: tuple[AuthorityName, ...] = ("keyvault", "identity")
_VICTIMS = 30
Call = tuple[str, str, bytes]
"""Method, path, body."""


@dataclass(frozen=True)
class _Session:
    """A key the attacker holds, and for each host a session id to put into tokens; ``None`` makes a fresh one each time."""

    key: ECKey
    sids: dict[AuthorityName, bytes] | None = None


class _Attacker:
    """The gateway's process in other hands."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.origins = world.deployment.origins
        self.token_key = ECKey.import_key((world.system.layout.host("gateway").secrets / "token").read_bytes())
        self.own = _Session(generate_p256())
        self.xwing = XWingPrivateKey.generate()

    async def call(self, http: httpx.AsyncClient, host: AuthorityName, ref: bytes, session: _Session, call: Call) -> bool:
        """Make one call as that member, with a minted token; return whether it was answered."""
        method, path, body = call
        token = self._token(host, ref, session)
        url = self.origins[host] + path
        proof = dpop.make(session.key, method, url, int(time.time()), token)
        headers = {"Authorization": f"DPoP {token}", "DPoP": proof, "Content-Type": "application/json"}
        return (await http.request(method, url, content=body, headers=headers)).is_success

    def _token(self, host: AuthorityName, ref: bytes, session: _Session) -> str:
        now = int(time.time())
        token = AccessToken(
            issuer=self.origins["gateway"],
            audience=self.origins[host],
            ref=ref,
            sid=session.sids[host] if session.sids else secrets.token_bytes(16),
            jkt=thumbprint(session.key),
            client_id="warifu-cli",
            issued_at=now,
            expires_at=now + 300,
        )
        return token.encode(self.token_key, b64u(secrets.token_bytes(16)))

    def forged(self, work_id: str) -> list[bytes]:
        """Return releases with ID tokens about a guessed work id, signed by whatever keys the attacker has."""
        idp = self.world.deployment.group_idps[0]
        now = int(time.time())
        bodies = []
        for key in (self.token_key, generate_p256()):
            statement = Statement.make(
                RELEASE, self.world.deployment.sorted_origins, now, thumbprint(self.own.key), self.xwing.public_bytes
            )
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
            body = Release(statement=statement.raw, evidence=proof, hpke=self.xwing.public_bytes)
            bodies.append(body.model_dump_json().encode())
        return bodies


def _reads(host: AuthorityName) -> list[Call]:
    """Return the calls that need no evidence once a session was released to."""
    calls: list[Call] = [("POST", "/rotation", b'{"v": 0}'), ("POST", "/rotation", b'{"v": 1}')]
    if host == "keyvault":
        calls += [("GET", f"/bundles/{version}", b"") for version in (0, 1)]
        calls += [("POST", f"/bundles/{version}/receipt", b"") for version in (0, 1)]
    return calls


async def _insider(world: World, work_id: str) -> _Session:
    """Sign an accomplice in, honestly, and return what the gateway then knows of that session, and the accomplice's key."""
    async with warifu.Client(world.deployment) as client, Browser(work_id, DEMO_PASSPHRASE) as browser:
        session = await client.sign_in(warifu.Group(browser))
        authorities = session._keys().authorities
        tokens = {host: (await authorities._tokens.of(host)).raw for host in _TARGETS}
        # Left open: the accomplice does not log off.
        session._drop()
    sids = {host: unb64u(str(peek_claims(token)["sid"]), 16) for host, token in tokens.items()}
    return _Session(authorities._keys.dpop, sids)


async def _captured(world: World, work_id: str) -> bytes:
    """Let a victim sign in, keep the release they send to the gateway, and keep keyvault and identity from hearing of it."""
    bodies: list[bytes] = []

    async def watch(request: httpx.Request) -> None:
        if request.url.path == "/release":
            if str(request.url).startswith(world.deployment.origins["gateway"]):
                bodies.append(request.content)
            else:
                raise httpx.ConnectError("the network is the attacker's as well")

    http = httpx.AsyncClient(timeout=30, event_hooks={"request": [watch]})
    async with http, Browser(work_id, DEMO_PASSPHRASE) as browser, warifu.Client(world.deployment, http=http) as client:
        with contextlib.suppress(warifu.WarifuError):
            await client.sign_in(warifu.Group(browser))
    return bodies[0]


async def _run(world: World, truth: Truth) -> Outcome:
    attacker = _Attacker(world)
    employees = [person for person in truth.persons if person.work_id]
    insider, victims = employees[0], employees[1 : 1 + _VICTIMS]
    session = await _insider(world, str(insider.work_id))
    won = 0
    async with httpx.AsyncClient(timeout=30) as http:
        for place, person in enumerate(victims):
            stolen = [await _captured(world, str(person.work_id))] if place < 3 else []
            won += sum([await _stolen(attacker, http, host, person, session, stolen) for host in _TARGETS])
    return exact(won, len(victims) * len(_TARGETS), "members' parts released to tokens the gateway minted")


async def _stolen(
    attacker: _Attacker, http: httpx.AsyncClient, host: AuthorityName, person: Person, session: _Session, captured: list[bytes]
) -> bool:
    """Return whether the attacker got anything of this member from this host."""
    ref = person.ids[host]
    presented: list[Call] = [("POST", "/release", body) for body in [*attacker.forged(str(person.work_id)), *captured]]
    answers = [await attacker.call(http, host, ref, attacker.own, call) for call in presented + _reads(host)]
    answers += [await attacker.call(http, host, ref, session, call) for call in _reads(host)]
    return any(answers)


ATTACK = Live(
    "gateway-mints-tokens",
    "The gateway signs tokens for everybody, forges evidence, relays captured evidence, and stretches an insider's session.",
    ("gateway",),
    _run,
)
