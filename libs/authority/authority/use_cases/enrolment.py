"""Enrol members in a window: accounts, first salts, verifiers; the answer holds the first shares, sealed to the window."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from chassis.database import Database, Transaction
from protocol.messages import enrolment as messages
from protocol.messages.enrolment import enrolment_info, enrolment_signed
from protocol.messages.verifiers import LetterVerifier, OidcVerifier
from protocol.oidc_evidence import OidcSubject
from protocol.sealing import seal_xwing
from windows import RegistrarCall, RowsRefused, spend

from authority.errors import AlreadyReleased, ReferenceUnknown, VerifierTaken
from authority.evidence_context import code_hash
from authority.start import Authority
from authority.store import accounts, enrolled_verifiers
from authority.store import enrolment as store
from authority.store.enrolled_verifiers import Enrolled, Stored
from authority.use_cases.parts import share_of


class HasRef(Protocol):
    """A row of a batch."""

    @property
    def ref(self) -> bytes:
        """The member's reference."""
        ...


async def enrol(db: Database, authority: Authority, caller: RegistrarCall, request: messages.Enrol) -> messages.Enrolled:
    """Enrol a batch once; the same batch again gives the same shares, until one of its members was released to."""
    refs = sorted_refs(request.rows)
    verifiers = [[enrolled(authority, row.ref, each) for each in row.verifiers] for row in request.rows]
    async with db.transaction("enrol") as tx:
        await spend(tx, caller, "enrol", len(refs))
        await store.insert_accounts(tx, refs, authority.keys.newest)
        await require_never_released(tx, refs)
        require_own(verifiers, await enrolled_verifiers.replace(tx, [each for row in verifiers for each in row]))
        await authority.extras.enrol(tx, request.rows)
        salts = await store.first_salts(tx, refs)
    info = enrolment_info(authority.host, caller.window_id, caller.body)

    def answer() -> messages.Enrolled:
        sealed = seal_xwing(caller.hpke, b"".join(share_of(authority, salts[ref], ref, 0) for ref in refs), info)
        return messages.Enrolled(sealed=sealed, signature=authority.keys.signing.sign(enrolment_signed(sealed, info)))

    return await authority.with_keys(answer)


def sorted_refs(rows: Sequence[HasRef]) -> list[bytes]:
    """Return the rows' references, which must ascend; raises RowsRefused."""
    refs = [row.ref for row in rows]
    if wrong := [index for index in range(1, len(refs)) if refs[index - 1] >= refs[index]]:
        raise RowsRefused(rows=wrong)
    return refs


async def require_enrolled(tx: Transaction, refs: Sequence[bytes]) -> Mapping[bytes, bool]:
    """Refuse a batch with references that are unknown, keep all as they are, and return whether each was ever released to."""
    released = await accounts.lock_many(tx, refs)
    if unknown := [index for index, ref in enumerate(refs) if ref not in released]:
        raise ReferenceUnknown(rows=unknown)
    return released


async def require_never_released(tx: Transaction, refs: Sequence[bytes]) -> None:
    """Refuse a batch with references that are unknown or were released, and keep all as they are until the transaction ends."""
    released = await require_enrolled(tx, refs)
    if late := [index for index, ref in enumerate(refs) if released[ref]]:
        raise AlreadyReleased(rows=late)


def enrolled(authority: Authority, ref: bytes, said: OidcVerifier | LetterVerifier, not_before: int | None = None) -> Enrolled:
    """Return a verifier as this host stores it."""
    key = authority.evidence.verifier_key
    match said:
        case OidcVerifier():
            found = OidcSubject(said.issuer, said.value).verifier(key)
            stored = Enrolled(found, said.kind, ref, said.id)
        case LetterVerifier():
            found = code_hash(key, said.handle)
            stored = Enrolled(found, said.kind, ref, said.id, public_key=said.public_key, expires=said.expires)
    return replace(stored, not_before=not_before, guardian_until=said.guardian_until)


def require_own(rows: Sequence[Sequence[Enrolled]], stored: Stored) -> None:
    """Raise VerifierTaken for the rows of which a verifier is not stored, because it is somebody else's."""
    if taken := [index for index, row in enumerate(rows) if not all(each.key in stored for each in row)]:
        raise VerifierTaken(rows=taken)
