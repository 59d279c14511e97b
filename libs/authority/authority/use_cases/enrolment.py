"""Enrol members in a window: accounts, first salts, verifiers; the answer holds the first shares, sealed to the window."""

from collections.abc import Sequence
from typing import Protocol

from chassis.database import Database, Transaction
from protocol.messages.enrolment import Enrol, Enrolled, Enrolment, enrolment_info, enrolment_signed
from protocol.oidc_evidence import OidcSubject
from protocol.sealing import seal_xwing
from windows import RegistrarCall, RowsRefused, spend

from authority.errors import AlreadyReleased, ReferenceUnknown, VerifierTaken
from authority.start import Authority
from authority.store import accounts
from authority.store import enrolment as store
from authority.use_cases.parts import share_of


class HasRef(Protocol):
    """A row of a batch."""

    @property
    def ref(self) -> bytes:
        """The member's reference."""
        ...


async def enrol(db: Database, authority: Authority, caller: RegistrarCall, request: Enrol) -> Enrolled:
    """Enrol a batch once; the same batch again gives the same shares, until one of its members was released to."""
    refs = sorted_refs(request.rows)
    verifiers = [_verifiers(authority, row) for row in request.rows]
    async with db.transaction("enrol") as tx:
        await spend(tx, caller, "enrol", len(refs))
        await store.insert_accounts(tx, refs, authority.keys.newest)
        await require_never_released(tx, refs)
        owners = await store.replace_verifiers(tx, [each for row in verifiers for each in row])
        if taken := [index for index, row in enumerate(verifiers) if any(owners[each.hash] != each.ref for each in row)]:
            raise VerifierTaken(rows=taken)
        await authority.extras.enrol(tx, request.rows)
        salts = await store.first_salts(tx, refs)
    info = enrolment_info(authority.host, caller.window_id, caller.body)

    def answer() -> Enrolled:
        sealed = seal_xwing(caller.hpke, b"".join(share_of(authority, salts[ref], ref, 0) for ref in refs), info)
        return Enrolled(sealed=sealed, signature=authority.keys.signing.sign(enrolment_signed(sealed, info)))

    return await authority.with_keys(answer)


def sorted_refs(rows: Sequence[HasRef]) -> list[bytes]:
    """Return the rows' references, which must ascend; raises RowsRefused."""
    refs = [row.ref for row in rows]
    if wrong := [index for index in range(1, len(refs)) if refs[index - 1] >= refs[index]]:
        raise RowsRefused(rows=wrong)
    return refs


async def require_never_released(tx: Transaction, refs: Sequence[bytes]) -> None:
    """Refuse a batch with references that are unknown or were released, and keep all as they are until the transaction ends."""
    released = await accounts.lock_many(tx, refs)
    if unknown := [index for index, ref in enumerate(refs) if ref not in released]:
        raise ReferenceUnknown(rows=unknown)
    if late := [index for index, ref in enumerate(refs) if released[ref]]:
        raise AlreadyReleased(rows=late)


def _verifiers(authority: Authority, row: Enrolment) -> list[store.Verifier]:
    key = authority.keys.oidc_key
    return [
        store.Verifier(OidcSubject(verifier.issuer, verifier.value).verifier(key), verifier.kind, row.ref)
        for verifier in row.verifiers
    ]
