"""Split seals, opened by the three authorities' parts and the insurer's key."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from protocol.messages.search import MOST_HITS, Open, OpeningPart, PartsOpened, opening_info, opening_signed
from protocol.names import AUTHORITIES, AuthorityName
from protocol.sealing import OpenError
from protocol.signing import SignatureRefused, verify
from protocol.split_seal import inner_hash, sealed_part
from protocol.subjects import SubjectProof

from .batches import cut
from .errors import AnswerRefused
from .hosts import encode
from .session import Session
from .windows import Window

_PART_BYTES = 32

Proving = Callable[[AuthorityName, bytes], SubjectProof]
"""Shows that the window is about a seal, by its inner hash."""


async def opened_parts(
    session: Session, window: Window, blobs: Sequence[bytes], proving: Proving | None = None
) -> list[Mapping[AuthorityName, bytes]]:
    """Return the parts of each seal, in the order of the seals; with ``proving`` the seals are of use ``number``, else ``open``.

    Each authority counts each seal. Raises ``AnswerRefused`` where an answer is not the authority's own.
    """
    found: list[Mapping[AuthorityName, bytes]] = []
    for batch in cut(blobs, MOST_HITS):
        each = await asyncio.gather(*(_parts(session, window, host, batch, proving) for host in AUTHORITIES))
        found += [dict(zip(AUTHORITIES, parts, strict=True)) for parts in zip(*each, strict=True)]
    return found


async def _parts(
    session: Session, window: Window, host: AuthorityName, blobs: Sequence[bytes], proving: Proving | None
) -> list[bytes]:
    hashes = [inner_hash(blob) for blob in blobs]
    rows = tuple(
        OpeningPart(sealed=sealed_part(blob, host), inner=inner, subject=proving(host, inner) if proving else None)
        for blob, inner in zip(blobs, hashes, strict=True)
    )
    body = encode(Open(use="number" if proving else "open", rows=rows))
    answer = await session.hosts.call(host, window, "/openings", body, PartsOpened)
    info = opening_info(host, window.id, body)
    try:
        verify(session.deployment.authorities[host].signing_keys, answer.signature, opening_signed(answer.sealed, info))
        joined = window.hpke.open(answer.sealed, info)
    except (SignatureRefused, OpenError) as error:
        raise AnswerRefused(f"{host}: parts of sealed keys") from error
    if len(joined) != _PART_BYTES * len(blobs):
        raise AnswerRefused(f"{host}: another number of parts")
    return [joined[at : at + _PART_BYTES] for at in range(0, len(joined), _PART_BYTES)]
