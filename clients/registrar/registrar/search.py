"""Search members at identity by what they are known by, and open what was found.

The word is evaluated by all three authorities inside a ``search`` window and goes to identity among random ones. What comes back
is ciphertext: a record opens here, with a key that the insurer's key and the three authorities give up together, one ``open``
of the window's quota each.
"""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from protocol.messages.search import Hit, Hits, Search
from protocol.record import Profile, open_profile
from protocol.sealing import OpenError
from protocol.search import WORDS, Field, search_use, words_of
from protocol.split_seal import open_split

from .errors import AnswerRefused
from .evaluation import evaluated
from .hosts import encode
from .openings import opened_parts
from .run import Desk, Run, running
from .search_index import USE_OPEN
from .windows import Window, quotas_of


@dataclass(frozen=True, repr=False)
class Found:
    """A member whom a word found, opened."""

    ref: bytes
    """At identity."""
    profile: Profile
    as_searched: bool
    """Whether the record says what was searched; not while a change that the insurer made waits for the member's device."""


@dataclass(frozen=True, repr=False)
class Results:
    """What a search came to."""

    found: Sequence[Found]
    closed: int
    """Hits that were not opened: more than asked for, or of members who signed in before there was an index."""
    more: bool
    """Whether identity found more than it says at a time."""


async def search(desk: Desk, field: Field, word: bytes, most: int) -> Results:
    """Search one word and open at most so many hits."""
    async with running(desk) as run:
        window = (
            await run.session.windows(
                "search", quotas_of("search", members=1, opened=most, epochs=len(run.session.deployment.search_epochs))
            )
        ).named
        return await search_in(run, window, field, word, most)


async def search_in(run: Run, window: Window, field: Field, word: bytes, most: int, only: bytes | None = None) -> Results:
    """Search one word in an open window and open at most so many hits; with ``only``, no other than this reference."""
    hits = await _hits(run, window, field, word)
    openable = [hit for hit in hits.hits if hit.opening is not None and only in (None, hit.ref)][:most]
    found = await _open(run, window, openable, field, word) if openable else []
    return Results(found, len(hits.hits) - len(found), hits.more)


async def _hits(run: Run, window: Window, field: Field, word: bytes) -> Hits:
    words: list[bytes] = []
    for epoch in run.session.deployment.search_epochs:
        words += await evaluated(run.session, window, search_use(field, epoch), [word], bytes)
        words += (os.urandom(32) for _ in range(WORDS - 1))
    secrets.SystemRandom().shuffle(words)
    return await run.session.hosts.call("identity", window, "/search", encode(Search(field=field, words=tuple(words))), Hits)


async def _open(run: Run, window: Window, hits: Sequence[Hit], field: Field, word: bytes) -> list[Found]:
    parts = await opened_parts(run.session, window, [hit.opening or b"" for hit in hits])
    found = []
    for hit, own in zip(hits, parts, strict=True):
        try:
            key = open_split(hit.opening or b"", USE_OPEN, hit.ref, own, run.home.insurer)
            profile = open_profile(hit.record, key, hit.ref, hit.version)
        except OpenError as error:
            raise AnswerRefused("identity: a record that does not open") from error
        found.append(Found(hit.ref, profile, words_of(profile)[field] == word))
    return found
