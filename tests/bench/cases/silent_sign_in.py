"""Somebody who is signed in opens another program: PAR, `prompt=none`, code for tokens with DPoP, against npm `oidc-provider`.

Both keep their state in PostgreSQL, whose processor time is not counted.
"""

import json
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from local import programs
from protocol.jose import thumbprint

from bench import openid_peer, openid_sessions
from bench.case import Case
from bench.cases.token_endpoint import figures, program_of
from bench.errors import BenchError
from bench.figure import Figure
from bench.harness import Bench
from bench.load import Measured, Side
from bench.openid_peer import Person
from bench.openid_program import Program
from bench.rounds import alternate


async def run(bench: Bench) -> list[Figure]:
    """Sign everybody in at both sides by turns; a sign-in is three requests."""
    ours, count = await bench.ours("gateway"), bench.scale.requests
    program = program_of((await bench.system()).layout, programs.SANDBOX_FAPI2)
    people = await openid_sessions.signed_in(bench, program.client_id, thumbprint(program.dpop_key), count)
    async with openid_peer.in_postgres(bench, program.client_id, program.key, count) as peer:

        async def our_turn(_: int) -> Measured:
            return await _sign_in(bench, ours, program, people)

        async def peer_turn(_: int) -> Measured:
            return await _sign_in(bench, peer.side, peer.program, peer.people)

        our, theirs = await alternate(bench.scale.rounds, our_turn, peer_turn)
    return figures("a silent sign-in with tokens", our, theirs, 1.0)


async def _sign_in(bench: Bench, side: Side, program: Program, people: Sequence[Person]) -> Measured:
    pushed, kept = await bench.ask(side, [program.push() for _ in people])
    uris = [str(json.loads(answer)["request_uri"]) for answer in kept]
    asked, led = await bench.ask(side, [program.authorize(uri, person.cookie) for uri, person in zip(uris, people, strict=True)])
    redeemed, _ = await bench.ask(side, [program.redeem(_code(side, location)) for location in led])
    parts = (pushed, asked, redeemed)
    seconds, spent = sum(part.seconds for part in parts), sum(part.cpu_seconds for part in parts)
    latencies = (sum(part.median_ms for part in parts), sum(part.p99_ms for part in parts))
    return Measured(len(people), seconds, spent, redeemed.body_bytes, *latencies)


def _code(side: Side, location: str) -> str:
    said = parse_qs(urlsplit(location).query)
    if "code" not in said:
        raise BenchError(f"{side.name} gave no code, but {said.get('error')}")
    return said["code"][0]


CASE = Case("silent-sign-in", "somebody who is signed in opens another program", run)
