"""Rows that are about somebody: each shows that the officers signed for exactly them."""

from collections.abc import Sequence

from protocol.names import HostName
from protocol.subjects import SubjectProof, SubjectProofRefused

from .errors import RowsRefused, SubjectRefused
from .registrar_call import RegistrarCall


def require_subjects(caller: RegistrarCall, host: HostName, rows: Sequence[tuple[bytes, SubjectProof | None]]) -> None:
    """Refuse a batch of which some rows are about nobody on the window's list, or about somebody twice.

    Each row is what ``host`` knows its subject by (a reference, a token) and the proof that came with it. Raises SubjectRefused
    or RowsRefused, both with the indexes in ``rows``; a window without a list is about nobody.
    """
    if wrong := [index for index, (subject, proof) in enumerate(rows) if not _listed(caller, host, subject, proof)]:
        raise SubjectRefused(rows=wrong)
    first = {subject: index for index, (subject, _) in reversed(list(enumerate(rows)))}
    if again := [index for index, (subject, _) in enumerate(rows) if first[subject] != index]:
        raise RowsRefused(rows=again)


def _listed(caller: RegistrarCall, host: HostName, subject: bytes, proof: SubjectProof | None) -> bool:
    if proof is None or caller.subjects is None or caller.subject_count is None:
        return False
    try:
        proof.check(caller.subjects, caller.subject_count, host, subject)
    except SubjectProofRefused:
        return False
    return True
