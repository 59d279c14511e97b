"""Letters with a code, for who has no other way in: minted, told to the authorities, printed, forgotten.

A code lives in memory from its minting to the PDF. All three authorities are told of it before anything is printed, the roster
notes the letter after the file is written. Killed in between, the same command mints new codes, which take the place of the old.

Where the letters go is taken from eligibility tables given with the command, not from the roster: the roster would otherwise become
a second copy of everybody's names and addresses, and an older one than the file.
"""

import asyncio
import os
import secrets
import tomllib
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from protocol.code import Code
from protocol.deployment import Deployment
from protocol.messages.base import BATCH_ROWS
from protocol.messages.life_events import Withdraw
from protocol.messages.verifiers import LetterVerifier
from protocol.names import AUTHORITIES, AuthorityName

from .batches import cut
from .chosen import rows_of
from .due import needs_takeover, without_a_way_in
from .errors import RegistrarError
from .grants import Grant, Granted, grant
from .guardians import UNTIL, guardian_of, is_over, of_age, with_guardians
from .home import Home
from .hosts import encode
from .importers import EligibilityRow
from .letters import Letter, LetterError, Recipient, Sender, render
from .letters.fonts import missing
from .roster_member import LetterKind, LetterNote, Member
from .rules import midnight
from .run import Desk, Run, running
from .subjects import find_members
from .windows import quotas_of

VALID_DAYS = 90
AT_ONCE = 1000
"""Letters in one PDF at most: setting a thousand takes 0.8 GB of memory."""
SENDER_FILE = "sender.toml"
_ENTRANCES = {"portal", "command"}
_EITHER = "either portal (the deployment's) or command (where no portal is served yet, such as warifu login --code)"


@dataclass(frozen=True, repr=False)
class Addressed:
    """A member with a letter to be written, and to whom."""

    member: Member
    kind: LetterKind
    recipient: Recipient
    child: str = ""
    guardian_until: int | None = None


@dataclass
class PostingSummary:
    """What became of letters: how many were printed, by kind, and a code for each member without one."""

    printed: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


async def print_letters(
    desk: Desk, out: Path, tables: Sequence[Path], numbers: Sequence[str] = (), *, everyone: bool = False
) -> PostingSummary:
    """Print letters for these members, or for everybody who has no way in, into PDFs that only their owner can read.

    A large mailing comes in parts (:func:`part`), each told of, printed and noted before the next begins.
    """
    summary = PostingSummary()
    sender = load_sender(desk.home, desk.deployment)
    async with running(desk) as run:
        run.roster.put(list(with_guardians(run.roster, run.rules, run.today)))
        members = {one.anchor: one for one in find_members(run.roster, numbers, desk.deployment.insurer)}
        if everyone:
            members |= {one.anchor: one for one in _without_a_way_in(run)}
        addressed = await asyncio.to_thread(_address, run, list(members.values()), tables, summary)
        pieces = cut(addressed, AT_ONCE)
        for number, _ in enumerate(pieces, 1):
            _check_free(part(out, number))
        for number, piece in enumerate(pieces, 1):
            await _print(run, piece, part(out, number), sender, summary)
    return summary


def part(out: Path, number: int) -> Path:
    """Return the file of one part of a large mailing: the first is as asked for, the others have their number in the name."""
    return out if number == 1 else out.with_name(f"{out.stem}-{number}{out.suffix}")


async def withdraw_letters(desk: Desk, numbers: Sequence[str]) -> int:
    """End the letters of these members at once, and return how many members that were."""
    async with running(desk) as run:
        members = find_members(run.roster, numbers, desk.deployment.insurer)
        windows = await run.session.windows("enrol", quotas_of("enrol", withdrawn=len(members)))
        for host in AUTHORITIES:
            for refs in cut(sorted(member.refs[host] for member in members), BATCH_ROWS):
                await run.session.hosts.tell(host, windows.named, "/letters/withdrawals", encode(Withdraw(refs=tuple(refs))))
        run.roster.put([replace(member, letter=None) for member in members])
    return len(members)


def listed(home: Path) -> list[tuple[Member, LetterNote]]:
    """Return the letters that were printed, the oldest first. Whether one was used is known to the hosts alone."""
    with closing(Home.load(home).roster()) as roster:
        found = [(member, member.letter) for member in roster.members() if member.letter]
    return sorted(found, key=lambda one: (one[1].issued, one[0].current))


def load_sender(home: Path, deployment: Deployment) -> Sender:
    """Read how the insurer signs its letters from the home; raise ``RegistrarError`` when the file says anything else.

    A portal must be the deployment's: passkeys made on another page open nothing.
    """
    path = home / SENDER_FILE
    names = {one.name for one in fields(Sender)} - _ENTRANCES
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RegistrarError(f"{path} is needed for letters, as TOML: {', '.join(sorted(names))}, and {_EITHER}") from error
    one_entrance = len(content.keys() & _ENTRANCES) == 1
    if (
        content.keys() - _ENTRANCES != names
        or not one_entrance
        or not all(one and isinstance(one, str) for one in content.values())
    ):
        raise RegistrarError(f"{path} must hold exactly these texts: {', '.join(sorted(names))}, and {_EITHER}")
    sender = Sender(**content)
    if sender.portal and (deployment.portal is None or _host(sender.portal) != _host(deployment.portal.origin)):
        raise RegistrarError(f"the portal in {path} is not the deployment's")
    return sender


def _host(address: str) -> str:
    """Return an address's host and port, with or without a scheme before them."""
    return urlsplit(address if "://" in address else f"//{address}").netloc


def _without_a_way_in(run: Run) -> list[Member]:
    return [
        member
        for member in run.roster.members()
        if without_a_way_in(member, guardian_of(member, run.roster), run.rules, run.today)
        or needs_takeover(member, run.rules, run.today)
    ]


def _address(run: Run, members: Sequence[Member], tables: Sequence[Path], summary: PostingSummary) -> list[Addressed]:
    """Return whom each letter goes to, in the order of postcodes; members of whom no table says enough are reported."""
    guardians = {member.anchor: guardian_of(member, run.roster) for member in members}
    numbers = [member.current for member in members] + [one.current for one in guardians.values() if one]
    rows = rows_of(tables, numbers)
    found = []
    for member in members:
        guardian = guardians[member.anchor]
        made: Addressed | str = "guardian-over"
        if not is_over(member, guardian, run.rules, run.today):
            made = _addressed(run, member, rows.get(member.current), rows.get(guardian.current) if guardian else None)
        if isinstance(made, str):
            summary.refused[made] += 1
        else:
            found.append(made)
    return sorted(found, key=lambda one: (one.recipient.postcode, one.recipient.address))


def _addressed(run: Run, member: Member, row: EligibilityRow | None, guardian: EligibilityRow | None) -> Addressed | str:
    """Return a letter's particulars, or the code of what is missing."""
    under_age = member.child and of_age(member, run.rules) > run.today
    to = guardian if under_age else row
    if row is None or to is None or not to.address:
        return "guardian-unknown" if row is not None and under_age and guardian is None else "address-missing"
    recipient = Recipient(to.kanji_name or to.kana_name, to.postcode, to.address)
    if any(missing(recipient.name + recipient.address + row.kanji_name + row.kana_name)):
        return "characters-missing"
    if under_age:
        made = Addressed(member, "guardian", recipient, row.kanji_name or row.kana_name, UNTIL)
    elif needs_takeover(member, run.rules, run.today):
        made = Addressed(member, "takeover", recipient)
    else:
        made = Addressed(member, "recovery" if member.released else "first", recipient)
    try:
        _letter(made, Code(bytes(16)), run.today, None)
    except LetterError:
        return "letter-too-long"
    return made


async def _print(run: Run, addressed: Sequence[Addressed], out: Path, sender: Sender, summary: PostingSummary) -> None:
    expires = run.today + timedelta(days=VALID_DAYS)
    codes = [Code.fresh() for _ in addressed]
    grants = await asyncio.to_thread(lambda: [_grant(*one, expires) for one in zip(addressed, codes, strict=True)])
    granted = await grant(run, grants, run.stage("letters", len(grants)))
    summary.refused.update(granted.refused.values())
    written = [
        (_as_granted(one, granted), code)
        for one, code in zip(addressed, codes, strict=True)
        if one.member.refs["keyvault"] not in granted.refused
    ]
    if not written:
        return
    letters = [_letter(one, code, expires, granted.later.get(one.member.refs["keyvault"])) for one, code in written]
    pdf = await asyncio.to_thread(render, letters, sender)
    await asyncio.to_thread(_write, out, pdf)
    run.roster.put(_noted(run, one, granted, expires) for one, _ in written)
    summary.printed.update(one.kind for one, _ in written)


def _grant(one: Addressed, code: Code, expires: date) -> Grant:
    verifier_id = secrets.token_bytes(16)

    def way(host: AuthorityName) -> LetterVerifier:
        keys = code.keys(host)
        return LetterVerifier(
            id=verifier_id,
            handle=keys.handle,
            public_key=keys.public_bytes,
            expires=midnight(expires + timedelta(days=1)),
            guardian_until=one.guardian_until,
        )

    return Grant(one.member, {host: (way(host),) for host in AUTHORITIES})


def _as_granted(one: Addressed, granted: Granted) -> Addressed:
    """Return the letter as it is: whoever turns out to have signed in before is recovered."""
    recovered = one.kind == "first" and one.member.refs["keyvault"] in granted.later
    return replace(one, kind="recovery") if recovered else one


def _letter(one: Addressed, code: Code, expires: date, not_before: int | None) -> Letter:
    number = one.member.current
    return Letter(
        kind=one.kind,
        recipient=one.recipient,
        member_number=f"{number.symbol} {number.number} {number.branch}".strip(),
        code=code,
        expires=expires,
        not_before=datetime.fromtimestamp(not_before, UTC) if not_before else None,
        child=one.child,
    )


def _noted(run: Run, one: Addressed, granted: Granted, expires: date) -> Member:
    note = LetterNote(one.kind, run.today, expires)
    released = one.member.released or one.member.refs["keyvault"] in granted.later
    told = replace(one.member.told, guarded_by=one.member.guardian) if one.kind == "guardian" else one.member.told
    return replace(one.member, letter=note, released=released, told=told)


def _check_free(path: Path) -> None:
    if path.exists() or not path.parent.is_dir():
        raise RegistrarError(f"{path} is there already, or its folder is not: letters are never written over others")


def _write(path: Path, pdf: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pdf)
        file.flush()
        os.fsync(descriptor)
