"""What the insurer does to the drill's members by post and by date: letters, recoveries, ends of access, erasures."""

import os
import time
from collections.abc import Mapping, Sequence

from protocol.code import Code
from protocol.member import MemberNumber
from protocol.messages import mailbox
from protocol.messages.base import Message
from protocol.messages.enrolment import Enrol, Enrolment
from protocol.messages.life_events import Access, Erase, Erasure, Recover, Recovery, SetAccess, Withdraw
from protocol.names import AUTHORITIES, STORES, AuthorityName, HostName

from drill.people import Someone
from drill.ways import Wallet, letter
from drill.workstation import AT_A_TIME, Window, Workstation

DAY_S = 24 * 3600
_VALID_S = 90 * DAY_S


async def send_letters(workstation: Workstation, people: Sequence[Someone]) -> dict[MemberNumber, Wallet]:
    """Send everybody a letter for the first login."""
    wallets = {one.number: Wallet(Code.fresh()) for one in people}
    codes = {number: [(wallet.letter, _VALID_S)] for number, wallet in wallets.items()}
    window = await workstation.open("enrol", AUTHORITIES)
    for start in range(0, len(people), AT_A_TIME):
        await enrol_letters(workstation, window, people[start : start + AT_A_TIME], codes)
    return wallets


async def enrol_letters(
    workstation: Workstation,
    window: Window,
    people: Sequence[Someone],
    codes: Mapping[MemberNumber, Sequence[tuple[Code, int]]],
) -> None:
    """Set the letters of members who never signed in, each with the seconds for which it is valid."""
    now = int(time.time())
    letters = {one.number: [(code, os.urandom(16), now + valid) for code, valid in codes[one.number]] for one in people}
    for host in AUTHORITIES:
        rows = [
            Enrolment(
                ref=one.refs[host],
                verifiers=tuple(letter(host, *each) for each in letters[one.number]),
                pairwise={"keyvault": one.refs["keyvault"], "identity": one.refs["identity"]} if host == "gateway" else None,
            )
            for one in _sorted(people, host)
        ]
        await told(workstation, window, host, "/enrolments", Enrol(rows=tuple(rows)))


async def withdraw_letters(workstation: Workstation, window: Window, people: Sequence[Someone]) -> None:
    """Let the letters of these members open nothing any more."""
    for host in AUTHORITIES:
        refs = tuple(one.refs[host] for one in _sorted(people, host))
        await told(workstation, window, host, "/letters/withdrawals", Withdraw(refs=refs))


async def recovering(
    workstation: Workstation, people: Sequence[Someone], codes: Mapping[MemberNumber, Code], window: Window | None = None
) -> None:
    """Send members who lost their ways in a letter that takes effect later."""
    window = window or await workstation.open("recover", AUTHORITIES, subjects=subjects(people))
    expires, ids = int(time.time()) + _VALID_S, {one.number: os.urandom(16) for one in people}
    for host in AUTHORITIES:
        rows = [
            Recovery(
                ref=one.refs[host],
                subject=window.proof(host, one.refs[host]),
                verifiers=(letter(host, codes[one.number], ids[one.number], expires),),
            )
            for one in _sorted(people, host)
        ]
        await told(workstation, window, host, "/recoveries", Recover(rows=tuple(rows)))


async def recover(workstation: Workstation, people: Sequence[Someone], wallets: Mapping[MemberNumber, Wallet]) -> None:
    """Let members who lost everything recover, in both zones."""
    codes = {one.number: Code.fresh() for one in people}
    await recovering(workstation, people, codes)
    for number, code in codes.items():
        wallets[number].waiting = code
    window = await workstation.open("recover", STORES, subjects=mailboxes(people))
    for store in STORES:
        rows = [mailbox.Recovery(token=token, subject=window.proof(store, token)) for token in sorted(mailboxes(people)[store])]
        await told(workstation, window, store, "/recoveries", mailbox.RecoverMailboxes(rows=tuple(rows)))


async def suspend(workstation: Workstation, people: Sequence[Someone]) -> None:
    """End the access of members who left, in both zones."""
    window = await workstation.open("suspend", AUTHORITIES, subjects=subjects(people))
    ends = int(time.time()) // DAY_S * DAY_S
    for host in AUTHORITIES:
        rows = [Access(ref=one.refs[host], subject=window.proof(host, one.refs[host]), ends=ends) for one in _sorted(people, host)]
        await told(workstation, window, host, "/access", SetAccess(rows=tuple(rows)))
    window = await workstation.open("suspend", STORES, subjects=mailboxes(people))
    for store in STORES:
        closed = [
            mailbox.Suspension(token=token, suspended=True, subject=window.proof(store, token))
            for token in sorted(mailboxes(people)[store])
        ]
        await told(workstation, window, store, "/suspensions", mailbox.SetSuspensions(rows=tuple(closed)))


async def erase(workstation: Workstation, people: Sequence[Someone]) -> None:
    """Forget members, in both zones; what may stay for statistics does."""
    window = await workstation.open("erase", AUTHORITIES, subjects=subjects(people))
    for host in AUTHORITIES:
        rows = [Erasure(ref=one.refs[host], subject=window.proof(host, one.refs[host])) for one in _sorted(people, host)]
        await told(workstation, window, host, "/erasures", Erase(rows=tuple(rows)))
    window = await workstation.open("erase", STORES, subjects=mailboxes(people))
    for store in STORES:
        gone = [mailbox.Erasure(token=token, subject=window.proof(store, token)) for token in sorted(mailboxes(people)[store])]
        await told(workstation, window, store, "/erasures", mailbox.EraseMailboxes(rows=tuple(gone), keep=store == "anon-data"))


def subjects(people: Sequence[Someone]) -> dict[HostName, list[bytes]]:
    """Return whom a window in the named zone is about."""
    return {host: [one.refs[host] for one in people] for host in AUTHORITIES}


def mailboxes(people: Sequence[Someone]) -> dict[HostName, list[bytes]]:
    """Return whom a window in the pseudonymous zone is about."""
    return {store: [one.tokens[store] for one in people] for store in STORES}


async def told(workstation: Workstation, window: Window, host: HostName, path: str, message: Message) -> None:
    """Make a call that must succeed."""
    (await workstation.call(window, host, path, message)).raise_for_status()


def _sorted(people: Sequence[Someone], host: AuthorityName) -> list[Someone]:
    return sorted(people, key=lambda one: one.refs[host])
