"""What members are found under at identity: words evaluated by all three authorities, then hashed with a salt.

Whatever somebody lacks, such as an e-mail address, is evaluated and stored as a random word: neither the number of elements nor
the rows show it. Nothing but the tag keeps a salt, so identity says where another member of the same word has it already; then
another is drawn. Of a word that thousands share, such as a company's telephone, the last rows are found under nothing.
"""

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from protocol.messages.search import Indexed, PutIndex, Taken
from protocol.names import AUTHORITIES
from protocol.search import FIELDS, Field, Tags, search_use
from protocol.split_seal import SplitSealer

from .batches import batches
from .enrolments import without_refused
from .errors import AnswerRefused
from .evaluation import evaluated
from .hosts import encode
from .session import Session
from .windows import Window

USE_OPEN = "open"

DRAWS = 8
"""So often another salt is drawn before a row is found under nothing."""


@dataclass(frozen=True, repr=False)
class Entry:
    """One member's words, all of them or those that changed."""

    ref: bytes
    """At identity."""
    words: Mapping[Field, bytes | None]
    record_key: bytes | None = None
    """Of somebody who never signed in; afterwards it is the one that is there."""
    evaluated: dict[Field, bytes] = field(default_factory=dict)
    tags: dict[Field, bytes] = field(default_factory=dict)


async def put_index(
    session: Session, window: Window, entries: Sequence[Entry], done: Callable[[int], None] = lambda _: None
) -> dict[bytes, str]:
    """Index members in the order of identity's references; return a code for each reference that was refused."""
    await asyncio.gather(*(_evaluate(session, window, name, [one for one in entries if name in one.words]) for name in FIELDS))
    fresh = {name: Tags() for name in FIELDS}
    for entry in entries:
        entry.tags.update((name, fresh[name].draw(found)) for name, found in entry.evaluated.items())
    sealer = SplitSealer(
        USE_OPEN,
        session.deployment.insurer_key,
        {host: session.deployment.authorities[host].unseal[USE_OPEN] for host in AUTHORITIES},
    )

    async def one(batch: list[Entry]) -> None:
        rows = await asyncio.to_thread(lambda: {entry.ref: _row(entry, sealer) for entry in batch})
        left = batch
        for draw in range(DRAWS + 1):
            body = encode(PutIndex(rows=tuple(rows[entry.ref].model_copy(update={"tags": entry.tags}) for entry in left)))
            answer = await session.hosts.call("identity", window, "/search/index", body, Taken)
            if not answer.taken:
                done(len(batch))
                return
            left = _drawn_again(left, answer, fresh if draw + 1 < DRAWS else None)
        raise AnswerRefused("identity: random tags cannot be taken")

    refused: dict[bytes, str] = {}
    for batch in batches(entries, lambda entry: entry.ref):
        refused |= {entry.ref: code for entry, code in await without_refused(batch, one)}
    return refused


async def _evaluate(session: Session, window: Window, name: Field, entries: Sequence[Entry]) -> None:
    words, use = [entry.words[name] or os.urandom(32) for entry in entries], search_use(name, session.deployment.search_epochs[-1])
    for entry, found in zip(entries, await evaluated(session, window, use, words, bytes), strict=True):
        entry.evaluated[name] = found


def _drawn_again(entries: Sequence[Entry], answer: Taken, fresh: Mapping[Field, Tags] | None) -> list[Entry]:
    """Give other tags to rows whose tag is taken, random ones where there is nothing to draw from; return those rows in order."""
    for name, places in answer.taken.items():
        for entry in _at(entries, places):
            entry.tags[name] = fresh[name].draw(entry.evaluated[name]) if fresh else os.urandom(32)
    return _at(entries, sorted({place for places in answer.taken.values() for place in places}))


def _at(entries: Sequence[Entry], places: Iterable[int]) -> list[Entry]:
    return [entries[place] for place in places if place < len(entries)]


def _row(entry: Entry, sealer: SplitSealer) -> Indexed:
    opening = sealer.seal(entry.record_key, entry.ref) if entry.record_key is not None else None
    return Indexed(ref=entry.ref, tags=entry.tags, opening=opening)
