"""A live gateway makes access tokens for everybody and asks the other two authorities for everything.

It holds its token key, every reference, the honest session of one insider, and evidence that victims sent to it.
"""

import contextlib
import time

import httpx
import warifu
from joserfc import jwt
from local.group import DEMO_PASSPHRASE
from local.person import Person as Browser
from protocol.encoding import b64u, unb64u
from protocol.jose import generate_p256, peek_claims, thumbprint
from protocol.messages.release import OidcEvidence, Release
from protocol.names import AUTHORITIES, AuthorityName

from drill.attack import Live
from drill.criteria import Outcome, exact
from drill.minting import Device, Mint
from drill.truth import Person, Truth
from drill.workstation import encoded
from drill.world import World

_TARGETS: tuple[AuthorityName, ...] = ("keyvault", "identity")
_VICTIMS = 12
Call = tuple[str, str, bytes]
"""Method, path, body."""


def _forged(mint: Mint, own: Device, work_id: str) -> list[bytes]:
    """Return releases with ID tokens about a guessed work id, signed by whatever keys the attacker has."""
    idp = mint.world.deployment.group_idps[0]
    now = int(time.time())
    bodies = []
    for key in (mint.key, generate_p256()):
        statement = mint.statement(own)
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
        bodies.append(encoded(Release(statement=statement.raw, evidence=proof, hpke=own.hpke.public_bytes)))
    return bodies


def _reads(host: AuthorityName) -> list[Call]:
    """Return the calls that need no evidence once a session was released to."""
    calls: list[Call] = [("POST", "/rotation", b'{"v": 0}'), ("POST", "/rotation", b'{"v": 1}')]
    if host == "keyvault":
        calls += [("GET", f"/bundles/{version}", b"") for version in (0, 1)]
        calls += [("POST", f"/bundles/{version}/receipt", b"") for version in (0, 1)]
    return calls


async def _insider(world: World, work_id: str) -> Device:
    """Sign an accomplice in, honestly, and return what the gateway then knows of that session, and the accomplice's keys."""
    async with warifu.Client(world.deployment) as client, Browser(work_id, DEMO_PASSPHRASE) as browser:
        session = await client.sign_in(warifu.Group(browser))
        authorities = session._keys().authorities
        tokens = {host: (await authorities._tokens.of(host)).raw for host in AUTHORITIES}
        # Left open: the accomplice does not log off.
        session._drop()
    sids = {host: unb64u(str(peek_claims(token)["sid"]), 16) for host, token in tokens.items()}
    return Device(authorities._keys.dpop, authorities._keys.hpke, sids)


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
    mint = Mint(world)
    employees = [person for person in truth.persons if person.work_id]
    insider, victims = employees[0], employees[1 : 1 + _VICTIMS]
    session = await _insider(world, str(insider.work_id))
    won = 0
    for place, person in enumerate(victims):
        stolen = [await _captured(world, str(person.work_id))] if place < 3 else []
        won += sum([await _stolen(mint, host, person, session, stolen) for host in _TARGETS])
    return exact(won, len(victims) * len(_TARGETS), "members' parts released to tokens the gateway minted")


async def _stolen(mint: Mint, host: AuthorityName, person: Person, insider: Device, captured: list[bytes]) -> bool:
    """Return whether the attacker got anything of this member from this host."""
    ref, own = person.ids[host], Device()
    presented: list[Call] = [("POST", "/release", body) for body in [*_forged(mint, own, str(person.work_id)), *captured]]
    answers = [await mint.call(own.again(), host, ref, *call) for call in presented]
    answers += [await mint.call(caller, host, ref, *call) for caller in (own, insider) for call in _reads(host)]
    return any(answer.is_success for answer in answers)


ATTACK = Live(
    "gateway-mints-tokens",
    "The gateway signs tokens for everybody, forges evidence, relays captured evidence, and stretches an insider's session.",
    ("gateway",),
    _run,
)
