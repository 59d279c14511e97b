"""A host whose checks can be left out one at a time: ``weak_host HOST``, then what the service takes. Tests only.

It is started once and told which weakness it has: a process costs more than most attacks.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from authority import evidence
from authority.errors import NotReleased
from authority.evidence_context import EvidenceContext
from authority.session import Session
from authority.start import Authority
from authority.store import log_queue, verifiers
from authority.store import sessions as store
from authority.use_cases import changes, evaluation, life_events, log_reading, openings, rotation, witness
from chassis.database import Database, Transaction
from chassis.main import main
from chassis.once import Once
from fastapi import APIRouter
from protocol import oprf, signed_lists, statement
from protocol.access_token import AccessToken
from protocol.checkpoint import witness_name
from protocol.jose import peek_claims
from protocol.messages.enrolment import Evaluate, Evaluated
from protocol.messages.release import OidcEvidence
from protocol.messages.release_log import Cosign, Cosigned, Witnessed
from protocol.messages.verifiers import AuthorisedChange, parse_change
from protocol.oidc_evidence import OidcSubject
from protocol.statement import Statement
from staff.staff_call import Presented, StaffCall
from windows import RegistrarCall
from windows.errors import QuotaExceeded
from windows.store import windows

GREETINGS = ""

Put = Callable[[Any, str, Any], None]
"""Replaces a name of a module or a class, until the host is healed."""


def unchecked_signature(put: Put) -> None:
    """Read evidence, but forget to check who signed it."""

    async def check(proof: OidcEvidence, _h: bytes, context: EvidenceContext, _tx: Transaction) -> bytes:
        claims = peek_claims(proof.id_token)
        idp = context.idp(claims["iss"])
        assert idp is not None
        return OidcSubject(idp.issuer, claims[idp.subject_claim]).verifier(context.verifier_key)

    put(evidence, "KINDS", {**evidence.KINDS, "oidc": check})


def foreign_reference(put: Put) -> None:
    """Forget to compare the member a session was released for with the member a token names."""

    async def released(tx: Transaction, session: Session, now: int) -> store.Released:
        found = await store.find(tx, session.sid)
        if found is None or found.released is None or found.released.jkt != session.jkt or found.released.expires <= now:
            raise NotReleased
        return found.released

    put(rotation, "released", released)
    put(import_module("keyvault.use_cases.bundles"), "released", released)


def change_not_compared(put: Put) -> None:
    """Check that the member's word is for this session, but forget to compare it with the change."""

    async def judged(
        authority: Authority, tx: Transaction, session: Session, session_key: bytes, request: AuthorisedChange, now: int
    ) -> changes._Judged:
        wanted, said = parse_change(request.change), Statement.parse(request.statement)
        said.check(wanted.action, authority.deployment.sorted_origins, now, session.jkt, session_key)
        return changes._Judged(wanted, said, await evidence.check(request.evidence, said.h, authority.evidence, tx))

    put(changes, "_judged", judged)


def letters_stay(put: Put) -> None:
    """Leave a letter alive after the member has another way in."""

    async def kept(_tx: Transaction, _ref: bytes, _now: int) -> None:
        return

    put(verifiers, "use_letters_up", kept)


def tries_by_request(put: Put) -> None:
    """Count the tries of a request, not those of a code."""
    counted = EvidenceContext.trying

    @asynccontextmanager
    async def trying(self: EvidenceContext, tx: Transaction, code: bytes) -> AsyncIterator[bytes | None]:
        async with counted(self, tx, os.urandom(32)):
            known = await verifiers.find_key(tx, code)
            yield None if known is None else known.public_key

    put(EvidenceContext, "trying", trying)


def recovery_at_once(put: Put) -> None:
    """Let a recovery take effect when it is asked for."""
    put(life_events, "RECOVERY_DELAY", 0)


def any_request_key(put: Put) -> None:
    """Find a window by its id, and forget to compare who signed the call with the key that the officers signed for."""
    find = windows.find_window

    async def anybodys(tx: Transaction, window_id: bytes) -> windows.Window | None:
        found = await find(tx, window_id)
        return None if found is None else replace(found, request_jkt=_Alike(found.request_jkt))

    put(windows, "find_window", anybodys)


class _Alike(bytes):
    """A thumbprint that is found equal to every other."""

    __slots__ = ()
    __hash__ = bytes.__hash__

    def __eq__(self, _other: object) -> bool:
        return True

    def __ne__(self, _other: object) -> bool:
        return False


def subjects_not_checked(put: Put) -> None:
    """Take the registrar's word for whom the officers decided about."""
    put(life_events, "require_subjects", lambda *_: None)


def openings_not_listed(put: Put) -> None:
    """Open whatever seal is asked for in a window to re-identify."""
    put(openings, "require_subjects", lambda *_: None)


def quota_counted_afterwards(put: Put) -> None:
    """See whether something is left, do the work, then count it."""

    async def evaluate(db: Database, authority: Authority, caller: RegistrarCall, request: Evaluate) -> Evaluated:
        n = len(request.elements) // oprf.ELEMENT_BYTES
        async with db.transaction("look") as tx:
            left = await windows.remaining(tx, caller.window_id)
        if left.get(request.use, 0) < n:
            raise QuotaExceeded(use=request.use, remaining=left.get(request.use, 0))
        answer = await asyncio.to_thread(oprf.evaluate, authority.keys.evaluator(request.use), request.elements)
        # As long as a slower machine, or a larger batch, would take.
        await asyncio.sleep(1)
        async with db.transaction("count") as tx:
            await windows.spend(tx, caller.window_id, request.use, n)
        return Evaluated(answer=answer)

    put(evaluation, "evaluate", evaluate)


def evidence_of_any_age(put: Put) -> None:
    """Rely on the memory of used evidence alone, and forget that evidence grows old."""
    put(statement, "check_fresh", lambda issued_at, *_: issued_at)


def token_is_enough(put: Put) -> None:
    """Admit staff on the gateway's word, without a passkey's session."""

    async def admit(_db: Database, _deployed: object, _once: object, presented: Presented, *_: object) -> StaffCall:
        return StaffCall("anybody", presented.roles)

    put(import_module("staff.deps"), "admit", admit)


def list_signatures_not_checked(put: Put) -> None:
    """Count the names under a staff list, and forget to check their signatures."""
    put(signed_lists, "verify", lambda *_: None)


def witness_without_proof(put: Put) -> None:
    """Cosign whatever its authority signed, shorter than before or not."""

    async def cosign(_db: Database, authority: Authority, request: Cosign, now: int) -> Cosigned:
        _, shown = witness._whose(authority, request.note)
        name = witness_name(authority.deployment, authority.host)
        return Cosigned(line=str(shown.cosign(name, authority.keys.signing, now)))

    async def witnessed(_db: Database, _authority: Authority, _host: str) -> Witnessed:
        return Witnessed(size=0)

    put(witness, "cosign", cosign)
    put(log_reading, "witnessed", witnessed)


def deeds_not_logged(put: Put) -> None:
    """Empty the queue into nothing."""
    take = log_queue.take

    async def forgotten(tx: Transaction) -> list[log_queue.Deed]:
        await take(tx)
        return []

    put(log_queue, "take", forgotten)


def any_token_key(put: Put) -> None:
    """Read an access token's claims without looking at its signature."""

    def decode(raw: str, _keys: object, issuer: str, audience: str, now: int) -> AccessToken:
        return AccessToken.from_claims(peek_claims(raw), issuer, audience, now)

    put(AccessToken, "decode", staticmethod(decode))


def proofs_count_twice(put: Put) -> None:
    """Forget which proofs were seen."""

    async def first_within(_self: Once, _tx: Transaction, _identifier: bytes, _issued_at: int) -> bool:
        return True

    put(Once, "first_within", first_within)


def small_numbers_shown(put: Put) -> None:
    """Tell staff numbers of however few people."""
    put(import_module("anon_data.use_cases.count_examined"), "FEWEST_SHOWN", 1)


def table_in_memory(put: Put) -> None:
    """Keep the insurer's table at hand, to greet people by name."""
    home = Path(sys.argv[sys.argv.index("--config") + 1]).parents[2]
    tables = "".join(path.read_text(encoding="utf-8") for path in sorted(home.rglob("eligibility.csv")))
    put(sys.modules[__name__], "GREETINGS", tables)


WEAKNESSES: dict[str, Callable[[Put], None]] = {
    made.__name__.replace("_", "-"): made
    for made in (
        any_request_key,
        any_token_key,
        change_not_compared,
        deeds_not_logged,
        evidence_of_any_age,
        foreign_reference,
        letters_stay,
        list_signatures_not_checked,
        openings_not_listed,
        proofs_count_twice,
        quota_counted_afterwards,
        recovery_at_once,
        small_numbers_shown,
        subjects_not_checked,
        table_in_memory,
        token_is_enough,
        tries_by_request,
        unchecked_signature,
        witness_without_proof,
    )
}


class _Health:
    """What was replaced, to put it back."""

    def __init__(self) -> None:
        self._was: list[tuple[Any, str, Any]] = []

    def put(self, owner: Any, name: str, new: Any) -> None:
        self._was.append((owner, name, getattr(owner, name)))
        setattr(owner, name, new)

    def heal(self) -> None:
        while self._was:
            setattr(*self._was.pop())


def control() -> APIRouter:
    """Return the routes by which the drill weakens and heals the host."""
    router, health = APIRouter(), _Health()

    @router.put("/weakness/{name}", status_code=204)
    async def weaken(name: str) -> None:
        health.heal()
        WEAKNESSES[name](health.put)

    @router.delete("/weakness", status_code=204)
    async def heal() -> None:
        health.heal()

    return router


if __name__ == "__main__":
    service = import_module(f"{sys.argv.pop(1).replace('-', '_')}.app").SERVICE
    main(replace(service, routers=[*service.routers, control()]))
