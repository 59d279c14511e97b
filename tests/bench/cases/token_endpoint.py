"""A program asks for a token for itself: client_credentials with private_key_jwt, DPoP and ES256, against npm `oidc-provider`.

The peer remembers what it saw in its own memory, ours in its database, whose processor time is not counted.
"""

import json
import secrets
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from joserfc.jwk import ECKey
from local import node, programs, spawn
from local.layout import ROOM
from protocol import dpop, jose
from protocol.encoding import b64u
from protocol.jose import generate_p256, thumbprint

from bench.case import Case
from bench.errors import BenchError
from bench.figure import Figure, compared
from bench.harness import Bench, answers
from bench.load import Measured, Side
from bench.rounds import alternate

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_PORT_OFFSET = 29
_PEER = Path(__file__).resolve().parents[1] / "peers_node" / "oidc_provider.mjs"


async def run(bench: Bench) -> list[Figure]:
    """Ask both sides by turns; each request has an assertion and a proof of its own."""
    layout = (await bench.system()).layout
    ours, issuer, count = await bench.ours("gateway"), layout.origin("gateway"), bench.scale.requests
    key = ECKey.import_key(json.loads(programs.job_key_file(layout).read_text(encoding="utf-8")))
    async with _peer(bench, key) as (peer, peer_issuer):

        async def our_turn(_: int) -> Measured:
            return await bench.load(ours, [_request(issuer, key) for _ in range(count)])

        async def peer_turn(_: int) -> Measured:
            return await bench.load(peer, [_request(peer_issuer, key) for _ in range(count)])

        our, theirs = await alternate(bench.scale.rounds, our_turn, peer_turn)
    name = "a program's token (client_credentials)"
    return [
        compared(name, "requests/s", [one.rate for one in our], [one.rate for one in theirs]),
        compared(f"{name}: CPU", "ms/request", [one.cpu_ms for one in our], [one.cpu_ms for one in theirs], better="less"),
    ]


def _request(issuer: str, key: ECKey) -> bytes:
    now, url, client = int(time.time()), issuer + "/token", programs.JOB
    claims = {"iss": client, "sub": client, "aud": issuer, "jti": secrets.token_urlsafe(16), "iat": now, "exp": now + 60}
    form = {
        "grant_type": "client_credentials",
        "resource": programs.JOB_RESOURCE,
        "scope": "steps.write",
        "client_id": client,
        "client_assertion_type": _ASSERTION,
        "client_assertion": jose.sign("JWT", claims, key, kid=b64u(thumbprint(key))),
    }
    body = urlencode(form).encode()
    lines = (
        "POST /token HTTP/1.1",
        f"Host: {urlsplit(issuer).netloc}",
        f"DPoP: {dpop.make(_DPOP_KEY, 'POST', url, now)}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "",
        "",
    )
    return "\r\n".join(lines).encode() + body


_DPOP_KEY = generate_p256()


@asynccontextmanager
async def _peer(bench: Bench, client_key: ECKey) -> AsyncIterator[tuple[Side, str]]:
    port, folder = bench.base_port + _PORT_OFFSET, bench.folder / "peers"
    folder.mkdir(mode=0o700, exist_ok=True)
    signing, issuer = generate_p256(), f"http://localhost:{port}"
    public = {**jose.public_jwk(client_key), "kid": b64u(thumbprint(client_key)), "alg": "ES256", "use": "sig"}
    settings = {
        "issuer": issuer,
        "port": port,
        "client_id": programs.JOB,
        "resource": programs.JOB_RESOURCE,
        "client_jwks": {"keys": [public]},
        "jwks": {"keys": [{**signing.as_dict(private=True), "alg": "ES256", "use": "sig"}]},
    }
    file = folder / "oidc-provider.json"
    file.write_text(json.dumps(settings), encoding="utf-8")
    command = [str(node.node()), str(_PEER), str(ROOM / "group-idp" / "package.json"), str(file)]
    log = file.with_suffix(".log")
    process = await spawn.start(
        command, log, environment={"NODE_ENV": "production"}, folder=folder, user="same", orphan=signal.SIGKILL
    )
    try:
        if not await answers(port, process):
            raise BenchError(f"oidc-provider does not start:\n{spawn.last_lines(log.read_text(encoding='utf-8'))}")
        yield Side("oidc-provider", port, process.pid), issuer
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


CASE = Case("token-endpoint", "a program asks for a token for itself", run)
