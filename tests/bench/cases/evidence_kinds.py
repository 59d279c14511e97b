"""Evidence that the group's provider has no part in: a passkey, a code, each against its one signature and a bare transaction."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from authority.evidence_context import code_hash, passkey_hash
from protocol.code import Code
from protocol.encoding import b64u
from protocol.messages.release import CodeEvidence, Evidence, PasskeyEvidence
from protocol.names import AuthorityName
from support.software_authenticator import SoftwareAuthenticator

from bench.case import Case
from bench.cases.session_opening import part_bytes
from bench.figure import Figure, compared
from bench.harness import Bench
from bench.load import Measured
from bench.members import Employee, Mint, Prove, authority_keys
from bench.peers import release as peer
from bench.rounds import alternate

HOST: AuthorityName = "keyvault"
_ADD = "INSERT INTO verifier (hash, kind, ref, id, public_key, confirmed, expires) VALUES ($1, $2, $3, $4, $5, true, $6)"
_NEVER = 2**32


@dataclass(frozen=True)
class _Way:
    """How everybody proves themselves: what the authority keeps of each employee, and what each shows."""

    kind: str
    rows: Sequence[tuple[Employee, bytes, bytes, bytes]]
    """Employee, keyed hash, the key as our authority keeps it, the key as the peer reads it."""
    prove: Prove


async def run(bench: Bench) -> list[Figure]:
    """Measure both kinds at one authority; the three do the same."""
    mint = await Mint.of(bench)
    key = authority_keys((await bench.system()).layout, HOST).verifier_key
    figures: list[Figure] = []
    for way in (_passkeys(mint, key), _codes(mint, key)):
        async with bench.owner(HOST) as owner:
            await owner.executemany(_ADD, _stored(way))
        await _new_day(bench)
        figures += await _measured(bench, mint, way)
    await _new_day(bench)
    return figures


async def _new_day(bench: Bench) -> None:
    """Forget how often everybody opened a session today: the rounds ask more of one member than the daily cap allows."""
    async with bench.owner(HOST) as owner:
        await owner.execute("TRUNCATE release_count")


def _stored(way: _Way) -> Iterable[tuple[bytes, str, bytes, bytes, bytes, int]]:
    for employee, found, public, _ in way.rows:
        yield found, way.kind, employee.refs[HOST], secrets.token_bytes(16), public, _NEVER


def _passkeys(mint: Mint, key: bytes) -> _Way:
    portal = mint.deployment.portal
    assert portal is not None
    phones = {employee.work_id: SoftwareAuthenticator() for employee in mint.employees}
    rows = []
    for employee in mint.employees:
        made = phones[employee.work_id].credential(portal.rp_id)
        rows.append((employee, passkey_hash(key, made.credential_id), made.public_key, made.point))

    def prove(employee: Employee, h: bytes) -> Evidence:
        made = phones[employee.work_id].assertion(portal.rp_id, portal.origin, h)
        return PasskeyEvidence(
            credential_id=made.credential_id,
            authenticator_data=made.authenticator_data,
            client_data=made.client_data,
            signature=made.signature,
        )

    return _Way("passkey", rows, prove)


def _codes(mint: Mint, key: bytes) -> _Way:
    codes = {employee.work_id: Code.fresh().keys(HOST) for employee in mint.employees}
    rows = []
    for employee in mint.employees:
        code = codes[employee.work_id]
        rows.append((employee, code_hash(key, code.handle), code.public_bytes, code.public_bytes))

    def prove(employee: Employee, h: bytes) -> Evidence:
        code = codes[employee.work_id]
        return CodeEvidence(handle=code.handle, signature=code.sign(h))

    return _Way("letter", rows, prove)


async def _measured(bench: Bench, mint: Mint, way: _Way) -> list[Figure]:
    deployment, ours = mint.deployment, await bench.ours(HOST)
    settings = {
        "origin": deployment.origins[HOST],
        "gateway": deployment.origins["gateway"],
        "signing_seed": b64u(bytes(32)),
        "part_bytes": await part_bytes(mint, HOST),
        **mint.jwks(),
    }
    requests: dict[int, Sequence[bytes]] = {}

    def of_round(number: int) -> Sequence[bytes]:
        if number not in requests:
            requests.clear()
            requests[number] = mint.releases_by(HOST, bench.scale.requests, way.prove)
        return requests[number]

    async with bench.own_tables(HOST, *peer.DDL) as connection, bench.peer("release", HOST, **settings) as bare:
        records = [(employee.refs[HOST], bytes(32), point) for employee, _, _, point in way.rows]
        await connection.copy_records_to_table("account", schema_name="bench", records=records)

        async def turn(number: int, *, on: str) -> Measured:
            return await bench.load(ours if on == "ours" else bare, of_round(number))

        our, limit = await alternate(bench.scale.rounds, partial(turn, on="ours"), partial(turn, on="peer"))
    name = f"session opening by {way.kind}"
    return [
        compared(name, "requests/s", [one.rate for one in our], [one.rate for one in limit], target=0.7),
        compared(f"{name}: CPU", "ms/request", [one.cpu_ms for one in our], [one.cpu_ms for one in limit], better="less"),
    ]


CASE = Case("evidence-kinds", "opening a session by passkey and by letter", run)
