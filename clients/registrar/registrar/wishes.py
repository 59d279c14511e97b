"""Members' wishes about their records: collected, opened with the insurer's key, and answered by a sealed note.

A member may wish for another address, telephone number or e-mail address; all else follows from the insurer's own files. Whatever
becomes of a wish, the member hears of it: an accepted one as the changed fields, every other one as a note without any.
"""

import csv
import os
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from protocol.encoding import b64u, sha256
from protocol.messages.profiles import WISHED, CollectWishes, ProfileFields, Wish, Wishes, wish_info
from protocol.sealing import OpenError
from protocol.search import CHANGING, Field, email_word, telephone_word

from .chosen import spelt
from .errors import RegistrarError
from .hosts import encode
from .importers.eligibility_columns import COLUMNS
from .importers.text import has_controls
from .roster_member import Member
from .run import Desk, Run, running
from .search_index import Entry, put_index
from .tokens import token_seeds
from .updates import Note, put_updates
from .windows import Window, quotas_of

PAGE = 500
ID_CHARACTERS = 10
_NUMBER = ("insurer_number", "symbol", "number", "branch")
_FIELDS = ("postcode", "address", "telephone", "email")
_SHAPES = {
    "postcode": re.compile(r"(\d{3}-?\d{4})?", re.ASCII),
    "telephone": re.compile(r"[0-9+() -]*", re.ASCII),
    "email": re.compile(r"([^\s@=+-][^\s@]*@[^\s@]+\.[^\s@]+)?"),
    # A spreadsheet takes what begins like this for a formula.
    "address": re.compile(r"(?![=+@-]).*"),
}


@dataclass(frozen=True, repr=False)
class Opened:
    """A wish, opened, or the code of what is wrong with it."""

    wish: Wish
    member: Member | None
    fields: ProfileFields | None
    code: str = ""

    @property
    def id(self) -> str:
        """By which a person names this wish; a newer wish of the same member has another."""
        return b64u(sha256(self.wish.sealed))[:ID_CHARACTERS]

    def words(self) -> dict[str, str]:
        """Return the wished fields."""
        return self.fields.model_dump(exclude_none=True) if self.fields else {}


@dataclass(frozen=True)
class WishesSummary:
    """What became of wishes."""

    answered: int
    refused: Counter[str]
    """Codes of wishes that were settled without a change because of what they are, or that no answer could be sent to."""


async def list_wishes(desk: Desk, most: int = PAGE) -> list[Opened]:
    """Return the wishes that wait, the good ones; bad ones are settled on the way."""
    async with running(desk) as run:
        window, found = await _collected(run, most)
        await _settle_bad(run, window, found)
        return found


async def accept(desk: Desk, ids: Collection[str], changes: Path, most: int = PAGE) -> WishesSummary:
    """Accept wishes: write them for the insurer's own system first, then send each member the changed fields."""
    async with running(desk) as run:
        window, found = await _collected(run, most)
        wanted = _chosen(found, ids)
        if wanted:
            _write_changes(changes, wanted)
        return await _answer(run, window, found, [(one, one.fields or ProfileFields()) for one in wanted])


async def reject(desk: Desk, ids: Collection[str], most: int = PAGE) -> WishesSummary:
    """Reject wishes: each member is sent a note that changes nothing."""
    async with running(desk) as run:
        window, found = await _collected(run, most)
        return await _answer(run, window, found, [(one, ProfileFields()) for one in _chosen(found, ids)])


async def _collected(run: Run, most: int) -> tuple[Window, list[Opened]]:
    """Collect at most so many wishes, in a window in which each can be answered once."""
    quotas = quotas_of("ingest", members=most, profiles=2 * most)
    window = (await run.session.windows("ingest", quotas)).named
    members = {member.refs["identity"]: member for member in run.roster.members()}
    found: list[Opened] = []
    after: bytes | None = None
    while len(found) < most:
        asked = min(PAGE, most - len(found))
        body = encode(CollectWishes(after=after, most=asked))
        page = (await run.session.hosts.call("identity", window, "/profile/wishes", body, Wishes)).wishes
        found += [_opened(run, wish, members.get(wish.ref)) for wish in page]
        if len(page) < asked:
            break
        after = page[-1].ref
    return window, found


def _opened(run: Run, wish: Wish, member: Member | None) -> Opened:
    if member is None:
        return Opened(wish, None, None, "wish-unknown")
    try:
        fields = ProfileFields.open(wish.sealed, run.home.insurer, wish_info(wish.ref))
    except OpenError:
        return Opened(wish, member, None, "wish-unreadable")
    words = fields.model_dump(exclude_none=True)
    if not words or not words.keys() <= WISHED:
        return Opened(wish, member, None, "wish-forbidden")
    if not all(_fits(name, text) for name, text in words.items()):
        return Opened(wish, member, None, "wish-unfit")
    return Opened(wish, member, fields)


def _fits(name: str, text: str) -> bool:
    limit = next(column.limit for column in COLUMNS if column.name == name)
    return len(text) <= limit and not has_controls(text) and _SHAPES[name].fullmatch(text) is not None


def _chosen(found: Sequence[Opened], ids: Collection[str]) -> list[Opened]:
    good = {one.id: one for one in found if not one.code}
    if missing := sum(one not in good for one in set(ids)):
        raise RegistrarError(f"{missing} of these wishes are not there (any more): run warifu-registrar wishes list")
    return [good[one] for one in dict.fromkeys(ids)]


async def _settle_bad(run: Run, window: Window, found: Sequence[Opened]) -> None:
    await _answer(run, window, found, [])


async def _answer(
    run: Run, window: Window, found: Sequence[Opened], answers: Sequence[tuple[Opened, ProfileFields]]
) -> WishesSummary:
    """Send answers, and with them the notes that settle what was no wish at all."""
    bad = [one for one in found if one.code]
    given = [*answers, *((one, ProfileFields()) for one in bad if one.member is not None)]
    members = [one.member for one, _ in given if one.member is not None]
    seeds = await token_seeds(run.session, window, [member.anchor.x for member in members], stores=("anon-data",))
    notes = [
        Note(one.wish.ref, seed["anon-data"], fields, whole=False, settles=one.wish.sealed)
        for (one, fields), seed in zip(given, seeds, strict=True)
    ]
    refused = await put_updates(run.session, window, notes)
    refused |= await _index(run, window, [note for note in notes if note.ref not in refused])
    codes = Counter([one.code for one in bad]) + Counter(refused.values())
    return WishesSummary(sum(one.wish.ref not in refused for one, _ in answers), codes)


async def _index(run: Run, window: Window, notes: Sequence[Note]) -> dict[bytes, str]:
    """Let members be found under what is new of them."""
    entries = [Entry(note.ref, words) for note in notes if (words := _words(note.fields))]
    return await put_index(run.session, window, entries)


def _words(fields: ProfileFields) -> dict[Field, bytes | None]:
    made = {"telephone": telephone_word, "email": email_word}
    said = fields.model_dump(exclude_none=True)
    return {name: made[name](said[name]) for name in CHANGING if name in said}


def _write_changes(path: Path, accepted: Sequence[Opened]) -> None:
    """Write the changes as a table with the eligibility table's headers, for its owner alone; an empty cell changes nothing."""
    headers = {column.name: column.header for column in COLUMNS}
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise RegistrarError(f"{path} cannot be written, or is there already") from error
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers[name] for name in (*_NUMBER, *_FIELDS))
        for one in accepted:
            assert one.member is not None
            number, words = one.member.current, one.words()
            writer.writerow(
                (number.insurer, number.symbol, number.number, number.branch, *(words.get(name, "") for name in _FIELDS))
            )
        file.flush()
        os.fsync(descriptor)


def title(one: Opened) -> str:
    """Return whose wish it is, by number."""
    return spelt(one.member.current) if one.member else "-"
