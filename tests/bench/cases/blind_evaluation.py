"""Blind evaluation over HTTP: ``POST /evaluations`` at keyvault against the same batches in the library alone, in this process."""

import time

from protocol import oprf, proof
from protocol.encoding import unb64u
from protocol.messages.enrolment import Evaluate, Evaluated
from protocol.names import AuthorityName
from protocol.oprf import BATCH_MAX, BlindedBatch
from protocol.roots import RawRoot
from protocol.tokens import USE_MEMBER
from registrar.home import Home
from registrar.hosts import Hosts, encode
from registrar.officers import load_officers
from registrar.session import Session, open_windows
from registrar.windows import Window, quotas_of

from bench.case import Case
from bench.errors import BenchError
from bench.figure import Figure, compared
from bench.harness import Bench
from bench.load import request_bytes
from bench.rounds import alternate

HOST: AuthorityName = "keyvault"
TARGET = 0.8
_ELEMENTS = 1_000_000
"""More than a run evaluates."""


async def run(bench: Bench) -> list[Figure]:
    """Measure evaluated elements a second, one batch of the greatest size after the other."""
    system, deployment = await bench.system(), await bench.deployment()
    ours, origin = await bench.ours(HOST), deployment.origins[HOST]
    root = RawRoot(unb64u((system.layout.host(HOST).secrets / "root").read_text(encoding="ascii").strip(), 32))
    evaluator = oprf.evaluator(root, USE_MEMBER)
    batch = BlindedBatch([at.to_bytes(4) for at in range(BATCH_MAX)]).blinded[HOST]
    body = encode(Evaluate(elements=batch))

    def request(window: Window) -> bytes:
        made = proof.make(window.request_key, "POST", origin + "/evaluations", window.id, body, int(time.time()))
        return request_bytes("POST", "/evaluations", origin.removeprefix("http://"), {proof.HEADER: made}, body)

    async with Hosts(deployment) as hosts:
        officers = load_officers(sorted(system.layout.officers.glob("*.key")), deployment.officers)
        session = Session(deployment, hosts, Home.load(system.layout.registrar).windows, officers)
        window, _ = await open_windows(session, "ingest", quotas_of("ingest", members=_ELEMENTS))
        answer = await hosts.call(HOST, window, "/evaluations", body, Evaluated)
        if len(answer.answer) != len(oprf.evaluate(evaluator, batch)):
            raise BenchError("the host evaluates something else")

        async def our_turn(_round: int) -> float:
            measured = await bench.load(ours, [request(window) for _ in range(bench.scale.batches)], connections=1)
            return bench.scale.batches * BATCH_MAX / measured.seconds

        async def peer_turn(_round: int) -> float:
            begun = time.perf_counter()
            for _ in range(bench.scale.batches):
                oprf.evaluate(evaluator, batch)
            return bench.scale.batches * BATCH_MAX / (time.perf_counter() - begun)

        our, limit = await alternate(bench.scale.rounds, our_turn, peer_turn)
    return [compared(f"blind evaluation (batches of {BATCH_MAX})", "elements/s", our, limit, target=TARGET)]


CASE = Case("blind-evaluation", "member numbers are evaluated blindly, and in the library alone", run)
