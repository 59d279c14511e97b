"""npm `oidc-provider` as the peer of our gateway: with one program, its state in memory or in PostgreSQL."""

import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from joserfc.jwk import ECKey
from local import spawn
from protocol.encoding import b64u
from protocol.jose import generate_p256, thumbprint

from bench import node_packages
from bench.errors import BenchError
from bench.harness import Bench, answers
from bench.load import Side
from bench.openid_program import OIDC_PROVIDER, REDIRECT_URI, RESOURCE, SCOPE, Program

_PORT_OFFSET = 29
_CONNECTIONS = 8
"""To its database: as many as our pool has by default."""
_TABLE = """
CREATE TABLE bench.kept (
    model text, id text, payload jsonb NOT NULL, uid text, grant_id text, expires_at timestamptz NOT NULL, PRIMARY KEY (model, id)
)"""
_DDL = (
    _TABLE,
    "CREATE INDEX ON bench.kept (grant_id) WHERE grant_id IS NOT NULL",
    "CREATE INDEX ON bench.kept (model, uid) WHERE uid IS NOT NULL",
)


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in with a browser, and with the program."""

    cookie: str
    """What the browser sends."""
    refresh_token: str


@dataclass(frozen=True)
class Peer:
    """The peer while it runs."""

    side: Side
    program: Program
    people: list[Person]


@asynccontextmanager
async def in_memory(bench: Bench, client_id: str, key: ECKey) -> AsyncIterator[Peer]:
    """Run the peer with its state in its own memory, and nobody signed in."""
    async with _running(bench, client_id, key, {}) as peer:
        yield peer


@asynccontextmanager
async def in_postgres(bench: Bench, client_id: str, key: ECKey, people: int) -> AsyncIterator[Peer]:
    """Run the peer on the database server of our gateway, with so many people signed in."""
    url = (await bench.system()).owner_urls["gateway"]
    settings = {"database": url, "connections": _CONNECTIONS, "people": people}
    async with bench.own_tables("gateway", *_DDL), _running(bench, client_id, key, settings) as peer:
        yield peer


@asynccontextmanager
async def _running(bench: Bench, client_id: str, key: ECKey, more: dict[str, object]) -> AsyncIterator[Peer]:
    port, folder = bench.base_port + _PORT_OFFSET, bench.folder / "peers"
    folder.mkdir(mode=0o700, exist_ok=True)
    program = Program(client_id, key, f"http://localhost:{port}", OIDC_PROVIDER)
    seeded, file = folder / "oidc-provider-people.json", folder / "oidc-provider.json"
    settings = {
        "issuer": program.issuer,
        "port": port,
        "client_id": client_id,
        "redirect_uri": REDIRECT_URI,
        "resource": RESOURCE,
        "scope": SCOPE,
        "client_jwks": {"keys": [program.public_jwk()]},
        "jwks": {"keys": [{**generate_p256().as_dict(private=True), "alg": "ES256", "use": "sig"}]},
        "jkt": b64u(thumbprint(program.dpop_key)),
        "seeded": str(seeded),
        **more,
    }
    file.write_text(json.dumps(settings), encoding="utf-8")
    command, log = [*node_packages.command("oidc_provider"), str(file)], file.with_suffix(".log")
    process = await spawn.start(
        command, log, environment={"NODE_ENV": "production"}, folder=folder, user="same", orphan=signal.SIGKILL
    )
    try:
        if not await answers(port, process):
            raise BenchError(f"oidc-provider does not start:\n{spawn.last_lines(log.read_text(encoding='utf-8'))}")
        people = [Person(**each) for each in json.loads(seeded.read_text(encoding="utf-8"))] if "people" in more else []
        yield Peer(Side("oidc-provider", port, process.pid), program, people)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
