"""Opening a session: ``POST /release`` at each authority against the same cryptography with a bare transaction."""

from collections.abc import Sequence

import httpx
from protocol.encoding import b64u
from protocol.names import AUTHORITIES, AuthorityName
from protocol.release import SealedPart
from protocol.sealing import XWING_OVERHEAD

from bench.case import Case
from bench.figure import Figure, compared
from bench.harness import Bench
from bench.load import Measured
from bench.members import Mint
from bench.peers import release as peer
from bench.rounds import alternate


async def run(bench: Bench) -> list[Figure]:
    """Measure the three authorities one after the other."""
    mint = await Mint.of(bench)
    figures: list[Figure] = []
    for host in AUTHORITIES:
        figures += await _at(bench, mint, host)
    return figures


async def _at(bench: Bench, mint: Mint, host: AuthorityName) -> list[Figure]:
    deployment, ours = mint.deployment, await bench.ours(host)
    settings = {
        "origin": deployment.origins[host],
        "gateway": deployment.origins["gateway"],
        "signing_seed": b64u(bytes(32)),
        "part_bytes": await part_bytes(mint, host),
        **mint.jwks(),
    }
    rows = [(employee.refs[host], bytes(32), None) for employee in mint.employees]
    requests: dict[int, Sequence[bytes]] = {}

    def of_round(number: int) -> Sequence[bytes]:
        # Both sides get the same requests; they are made just before they are sent, because proofs live for two minutes.
        if number not in requests:
            requests.clear()
            requests[number] = mint.releases(bench.scale.requests)[host]
        return requests[number]

    async with bench.own_tables(host, *peer.DDL) as connection, bench.peer("release", host, **settings) as bare:
        await connection.copy_records_to_table("account", schema_name="bench", records=rows)

        async def our_turn(number: int) -> Measured:
            return await bench.load(ours, of_round(number))

        async def peer_turn(number: int) -> Measured:
            return await bench.load(bare, of_round(number))

        our, limit = await alternate(bench.scale.rounds, our_turn, peer_turn)
    name = f"session opening at {host}"
    return [
        compared(name, "requests/s", [one.rate for one in our], [one.rate for one in limit], target=0.7),
        compared(f"{name}: CPU", "ms/request", [one.cpu_ms for one in our], [one.cpu_ms for one in limit], better="less"),
    ]


async def part_bytes(mint: Mint, host: AuthorityName) -> int:
    """Return how large a part is that this authority seals."""
    head, _, body = mint.releases(1)[host][0].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    async with httpx.AsyncClient() as http:
        answer = await http.post(mint.deployment.origins[host] + "/release", headers=headers, content=body)
    return len(SealedPart.model_validate_json(answer.content).sealed) - XWING_OVERHEAD


CASE = Case("session-opening", "opening a session at the three authorities", run)
