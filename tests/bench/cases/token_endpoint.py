"""The token endpoint against npm `oidc-provider`: private_key_jwt, DPoP, ES256 everywhere.

A program asks for itself: the peer remembers in its own memory what it saw, ours in its database. A session asks for another
token: both keep it in PostgreSQL, whose processor time is not counted.
"""

import json

from joserfc.jwk import ECKey
from local import programs
from local.layout import Layout
from protocol.jose import thumbprint

from bench import openid_peer, openid_sessions
from bench.case import Case
from bench.figure import Figure, compared
from bench.harness import Bench
from bench.load import Measured
from bench.openid_program import OURS, Program
from bench.rounds import alternate


async def run(bench: Bench) -> list[Figure]:
    """Measure both grants."""
    return [*await _for_itself(bench), *await _refresh(bench)]


def program_of(layout: Layout, client_id: str) -> Program:
    """Return a program of the local deployment."""
    key = ECKey.import_key(json.loads(programs.key_file(layout, client_id).read_text(encoding="utf-8")))
    return Program(client_id, key, layout.origin("gateway"), OURS)


def figures(name: str, our: list[Measured], theirs: list[Measured], target: float | None = None) -> list[Figure]:
    """Return throughput, and processor time, at which is aimed."""
    return [
        compared(name, "requests/s", [one.rate for one in our], [one.rate for one in theirs]),
        compared(
            f"{name}: CPU", "ms/request", [one.cpu_ms for one in our], [one.cpu_ms for one in theirs], better="less", target=target
        ),
    ]


async def _for_itself(bench: Bench) -> list[Figure]:
    ours, count = await bench.ours("gateway"), bench.scale.requests
    program = program_of((await bench.system()).layout, programs.JOB)
    async with openid_peer.in_memory(bench, program.client_id, program.key) as peer:

        async def our_turn(_: int) -> Measured:
            return await bench.load(ours, [program.for_itself() for _ in range(count)])

        async def peer_turn(_: int) -> Measured:
            return await bench.load(peer.side, [peer.program.for_itself() for _ in range(count)])

        our, theirs = await alternate(bench.scale.rounds, our_turn, peer_turn)
    return figures("a program's token (client_credentials)", our, theirs, 1.0)


async def _refresh(bench: Bench) -> list[Figure]:
    ours, count = await bench.ours("gateway"), bench.scale.requests
    program = program_of((await bench.system()).layout, programs.SANDBOX_FAPI2)
    people = await openid_sessions.signed_in(bench, program.client_id, thumbprint(program.dpop_key), count)
    async with openid_peer.in_postgres(bench, program.client_id, program.key, count) as peer:

        async def our_turn(_: int) -> Measured:
            return await bench.load(ours, [program.refresh(person.refresh_token) for person in people])

        async def peer_turn(_: int) -> Measured:
            return await bench.load(peer.side, [peer.program.refresh(person.refresh_token) for person in peer.people])

        our, theirs = await alternate(bench.scale.rounds, our_turn, peer_turn)
    return figures("a session's next token (refresh)", our, theirs, 1.0)


CASE = Case("token-endpoint", "a program asks for a token for itself, and for the next one of a session", run)
