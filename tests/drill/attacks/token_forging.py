"""Somebody without the gateway's token key makes tokens of their own, and asks every authority for what it released and logged.

Signed by keyvault's keys, by nobody, by the public key as if it were a shared secret, by a key that the token itself brings; and a
good token of one member with another one's reference.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator

import httpx
from joserfc.jwk import ECKey
from protocol import dpop
from protocol.access_token import TYP
from protocol.encoding import b64u, unb64u
from protocol.jose import generate_p256, public_jwk, sign, thumbprint
from protocol.names import AUTHORITIES, AuthorityName

from drill.attack import Live
from drill.criteria import Outcome, exact
from drill.minting import Device, Mint
from drill.people import Someone
from drill.truth import Truth
from drill.ways import by_code
from drill.world import World


def _parts(header: dict[str, object], claims: str) -> str:
    return f"{b64u(json.dumps(header).encode())}.{claims}"


def _forged(good: str, other: bytes, gateway: ECKey) -> Iterator[str]:
    """Yield what can be made of a token with the public half of its key; ``other`` is another member's reference."""
    head, claims, signature = good.split(".")
    header = json.loads(unb64u(head))
    own = generate_p256()
    said = json.loads(unb64u(claims))
    changed = b64u(json.dumps({**said, "sub": b64u(other)}).encode())
    yield f"{head}.{changed}.{signature}"
    yield f"{head}.{claims}."
    yield _parts({**header, "alg": "none"}, claims) + "."
    for public in (b"", json.dumps(public_jwk(gateway)).encode()):
        unsigned = _parts({**header, "alg": "HS256"}, claims)
        yield f"{unsigned}.{b64u(hmac.new(public, unsigned.encode(), hashlib.sha256).digest())}"
    yield sign(TYP, said, own, kid=header["kid"])
    yield sign(TYP, said, own, kid=b64u(thumbprint(own)), jwk=public_jwk(own))


async def _asked(world: World, device: Device, host: AuthorityName, token: str) -> httpx.Response:
    url = f"{world.deployment.origins[host]}/log/openings"
    proof = dpop.make(device.key, "GET", url, int(time.time()), token)
    return await world.http.get(url, headers={"Authorization": f"DPoP {token}", "DPoP": proof})


async def _won(world: World, mint: Mint, victim: Someone, other: Someone) -> bool:
    """Return whether an authority answers a session to anything but the gateway's own token."""
    device = Device()
    await mint.sign_in(device, victim, by_code(world.wallets[victim.number].letter))
    won = False
    for host in AUTHORITIES:
        good = mint.token(host, victim.refs[host], device.jkt, device.sids[host])
        assert (await _asked(world, device, host, good)).is_success
        for token in _forged(good, other.refs[host], mint.key):
            won |= (await _asked(world, device, host, token)).is_success
    return won


async def _run(world: World, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    mint = Mint(world)
    victims = world.victims(2)
    won = [await _won(world, mint, victim, other) for victim, other in zip(victims, reversed(victims), strict=True)]
    return exact(sum(won), len(won), "members of whom an authority tells somebody with a forged token")


ATTACK = Live("token-forging", "Somebody without the gateway's key makes access tokens of their own.", ("keyvault",), _run)
