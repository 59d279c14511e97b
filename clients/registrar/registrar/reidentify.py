"""From tokens of one store to people, for exactly those whom two officers listed.

The store gives the sealed member numbers of a list of tokens, in a window about these tokens; the three authorities open their
parts of these seals and of no others, in a window about them; the numbers open here. Names and addresses then come from
identity, by a search for each number. Nobody but this workstation learns who it is, and it keeps none of it.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from protocol.encoding import EncodingError, b64u, lp, unb64u
from protocol.messages.mailbox import Numbered, Numbers, ReadNumbers
from protocol.names import AUTHORITIES, HostName, StoreName
from protocol.record import Profile
from protocol.sealing import OpenError, XWingPrivateKey, seal_xwing
from protocol.search import number_word
from protocol.split_seal import inner_hash, open_split
from protocol.tokens import TOKEN_BYTES

from .batches import batches
from .chosen import spelt
from .errors import AnswerRefused, RegistrarError
from .hosts import encode
from .listed import open_about
from .openings import opened_parts
from .roster_member import Member
from .run import Desk, Run, running
from .search import search_in
from .windows import Window, quotas_of

USE = "number"
_HEADERS = ("token", "state", "member", "name", "reading", "born", "postcode", "address", "telephone", "e-mail")

State = Literal["opened", "no-record", "no-longer-a-member", "suspended", "unknown"]
"""What became of a token: ``no-record`` has a number but no record that opens, ``no-longer-a-member`` a number that the roster does
not know; suspended ones, and those that the store does not have (any more), were not opened."""


@dataclass(frozen=True, repr=False)
class Contact:
    """One token of the list, and who it is."""

    token: bytes
    state: State
    member: Member | None = None
    profile: Profile | None = None


def read_tokens(path: Path) -> list[bytes]:
    """Return the tokens in the first column of a table, each once; raise ``RegistrarError`` with the line that holds none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = [row[0].strip() if row else "" for row in csv.reader(lines)]
    except (OSError, ValueError, csv.Error):
        raise RegistrarError(f"{path} is not a table of tokens") from None
    tokens: dict[bytes, None] = {}
    for line, text in enumerate(rows, 1):
        if not text or (line == 1 and text == "token"):
            continue
        try:
            tokens[unb64u(text, TOKEN_BYTES)] = None
        except EncodingError:
            raise RegistrarError(f"{path}: line {line} begins with no token") from None
    if not tokens:
        raise RegistrarError(f"{path} lists nobody")
    return list(tokens)


async def reidentify(desk: Desk, store: StoreName, tokens: Sequence[bytes]) -> list[Contact]:
    """Return who these tokens are, in their order; a list may be asked for again, in windows of its own."""
    if not desk.officers:
        raise RegistrarError("two officers sign for each list: give --officer twice")
    async with running(desk) as run:
        window = (await open_about(run.session, "reidentify", {store: tokens}, _shown(store, len(tokens))))["pseudonymous"]
        seals, named = await seals_in(run, window, store, tokens), None
        if seals.sealed:
            subjects, shown = named_subjects(store, seals), _shown(store, len(seals.sealed))
            named = (await open_about(run.session, "reidentify", subjects, shown))["named"]
        return await contacts_in(run, named, store, tokens, seals)


def _state(
    token: bytes,
    suspended: frozenset[bytes],
    numbers: Mapping[bytes, bytes],
    members: Mapping[bytes, Member],
    profiles: Mapping[bytes, Profile],
) -> State:
    if token in profiles:
        return "opened"
    if token in members:
        return "no-record"
    if token in numbers:
        return "no-longer-a-member"
    return "suspended" if token in suspended else "unknown"


@dataclass(frozen=True, repr=False)
class Seals:
    """What the store gave for a list of tokens."""

    sealed: Mapping[bytes, bytes]
    """The sealed numbers by token."""
    suspended: frozenset[bytes]
    """Tokens of suspended mailboxes."""


async def seals_in(run: Run, window: Window, store: StoreName, tokens: Sequence[bytes]) -> Seals:
    """Ask the store in a window about these tokens."""
    sealed: dict[bytes, bytes] = {}
    suspended: set[bytes] = set()
    for batch in batches(tokens, lambda token: token):
        rows = tuple(Numbered(token=token, subject=window.subject(store, token)) for token in batch)
        answer = await run.session.hosts.call(store, window, "/numbers", encode(ReadNumbers(rows=rows)), Numbers)
        if len(answer.numbers) != len(batch):
            raise AnswerRefused(f"{store}: another number of member numbers")
        sealed |= {token: blob for token, blob in zip(batch, answer.numbers, strict=True) if blob is not None}
        suspended |= {batch[at] for at in answer.suspended if at < len(batch)}
    return Seals(sealed, frozenset(suspended))


def named_subjects(store: StoreName, seals: Seals) -> dict[HostName, list[bytes]]:
    """Return whom the window at the authorities is about: these seals, at each of them."""
    hashes = [inner_hash(blob) for blob in seals.sealed.values()]
    if len(set(hashes)) != len(hashes):
        raise AnswerRefused(f"{store}: one number beside two mailboxes")
    return dict.fromkeys(AUTHORITIES, hashes)


async def contacts_in(run: Run, window: Window | None, store: StoreName, tokens: Sequence[bytes], seals: Seals) -> list[Contact]:
    """Open the seals in a window about them, none where there is none, and look up who it is."""
    numbers = await _numbers(run, window, store, seals.sealed) if window else {}
    members = {token: member for token, x in numbers.items() if (member := run.roster.find_anchored(x)) is not None}
    profiles = await _profiles(run, members) if members else {}
    return [
        Contact(token, _state(token, seals.suspended, numbers, members, profiles), members.get(token), profiles.get(token))
        for token in tokens
    ]


async def _numbers(run: Run, window: Window, store: StoreName, sealed: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """Return the first member number by token."""
    parts = await opened_parts(run.session, window, list(sealed.values()), window.subject)
    try:
        return {
            token: open_split(blob, USE, token, own, run.home.insurer)
            for (token, blob), own in zip(sealed.items(), parts, strict=True)
        }
    except OpenError as error:
        raise AnswerRefused(f"{store}: a member number that does not open, or is another mailbox's") from error


async def _profiles(run: Run, members: Mapping[bytes, Member]) -> dict[bytes, Profile]:
    quotas = quotas_of("search", members=len(members), epochs=len(run.session.deployment.search_epochs))
    window = (await run.session.windows("search", quotas)).named
    found = {}
    for token, member in members.items():
        profile = await _profile(run, window, member)
        if profile is not None:
            found[token] = profile
    return found


async def _profile(run: Run, window: Window, member: Member) -> Profile | None:
    results = await search_in(run, window, "member-number", number_word(member.current), 1, member.refs["identity"])
    return results.found[0].profile if results.found else None


def _shown(store: StoreName, count: int) -> list[str]:
    """Return what officers are shown: who it is will be known when it is opened."""
    return [f"{store}: {count} people, known by tokens alone until they are opened"]


def table_of(contacts: Sequence[Contact]) -> str:
    """Return a list of contacts as a table."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADERS)
    for one in contacts:
        number = spelt(one.member.current) if one.member else ""
        profile = one.profile
        known = (
            (profile.name, profile.kana, profile.birth_date, profile.postcode, profile.address, profile.telephone, profile.email)
            if profile
            else ("",) * 7
        )
        writer.writerow((b64u(one.token), one.state, number, *known))
    return text.getvalue()


def seal_contacts(contacts: Sequence[Contact], insurer: bytes) -> bytes:
    """Return the list sealed to the insurer's key: only this home opens it."""
    return seal_xwing(insurer, table_of(contacts).encode(), lp("contacts"))


def open_contacts(sealed: bytes, insurer: XWingPrivateKey) -> str:
    """Return the table of a sealed list; raise ``RegistrarError`` when it is not one of this home's."""
    try:
        return insurer.open(sealed, lp("contacts")).decode()
    except OpenError:
        raise RegistrarError("this is no list of contacts that was sealed for this home") from None
