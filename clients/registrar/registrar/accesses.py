"""Until when members may sign in, and whether their mailboxes are open."""

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.messages.life_events import Access, SetAccess
from protocol.messages.mailbox import SetSuspensions, Suspension, SuspensionsSet
from protocol.names import AUTHORITIES, STORES, AuthorityName, StoreName

from .batches import batches
from .enrolments import without_refused
from .hosts import encode
from .listed import Listed, open_listed
from .roster_member import Member
from .run import Run
from .tokens import Seeds, seeds_of
from .windows import Window


@dataclass(frozen=True)
class Ends:
    """When access, and the work account, end: seconds since 1970, ``None`` for never."""

    access: int | None
    work: int | None
    guardians: int | None = None
    """Of guardians who are so no longer. What was ended once stays ended."""


async def set_access(run: Run, rows: Sequence[tuple[Member, Ends]]) -> dict[bytes, str]:
    """Tell the authorities; return a code for each keyvault reference that was refused. Open sessions end where access has."""
    if not rows:
        return {}
    stage = run.stage("ends of access", len(AUTHORITIES) * len(rows))
    subjects: Listed = {host: [(member, member.refs[host]) for member, _ in rows] for host in AUTHORITIES}
    window = (await open_listed(run.session, "suspend", subjects))["named"]
    refused: dict[bytes, str] = {}
    for host in AUTHORITIES:
        refused |= await _set_at(run, window, host, rows)
        stage.add(len(rows))
    return refused


async def _set_at(run: Run, window: Window, host: AuthorityName, rows: Sequence[tuple[Member, Ends]]) -> dict[bytes, str]:
    async def one(batch: list[tuple[Member, Ends]]) -> None:
        body = encode(SetAccess(rows=tuple(_access(window, host, *row) for row in batch)))
        await run.session.hosts.tell(host, window, "/access", body)

    refused: dict[bytes, str] = {}
    for batch in batches(rows, lambda row: row[0].refs[host]):
        refused |= {row[0].refs["keyvault"]: code for row, code in await without_refused(batch, one)}
    return refused


def _access(window: Window, host: AuthorityName, member: Member, ends: Ends) -> Access:
    ref = member.refs[host]
    return Access(
        ref=ref, subject=window.subject(host, ref), ends=ends.access, work_account_ends=ends.work, guardians_end=ends.guardians
    )


async def suspend(run: Run, rows: Sequence[tuple[Member, bool]]) -> dict[bytes, str]:
    """Suspend mailboxes at both stores, or open them again; return a code for each keyvault reference without a mailbox."""
    seeds = await seeds_of(run, [member for member, _ in rows])
    stage = run.stage("suspensions", len(STORES) * len(rows))
    members = [member for member, _ in rows]
    tokens: Listed = {store: [(who, one[store].token) for who, one in zip(members, seeds, strict=True)] for store in STORES}
    window = (await open_listed(run.session, "suspend", tokens))["pseudonymous"]
    owned = [(member, suspended, one) for (member, suspended), one in zip(rows, seeds, strict=True)]
    unknown: dict[bytes, str] = {}
    for store in STORES:
        unknown |= await _suspend_at(run, window, store, owned)
        stage.add(len(rows))
    return unknown


async def _suspend_at(run: Run, window: Window, store: StoreName, rows: Sequence[tuple[Member, bool, Seeds]]) -> dict[bytes, str]:
    unknown: dict[bytes, str] = {}
    for batch in batches(rows, lambda row: row[2][store].token):
        body = encode(SetSuspensions(rows=tuple(_suspension(window, store, row[1], row[2]) for row in batch)))
        answer = await run.session.hosts.call(store, window, "/suspensions", body, SuspensionsSet)
        unknown |= {batch[at][0].refs["keyvault"]: "mailbox-unknown" for at in answer.unknown if at in range(len(batch))}
    return unknown


def _suspension(window: Window, store: StoreName, suspended: bool, seeds: Seeds) -> Suspension:
    token = seeds[store].token
    return Suspension(token=token, suspended=suspended, subject=window.subject(store, token))
