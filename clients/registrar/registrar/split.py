"""Taking two people apart who were taken for one, because a file named a wrong previous number.

The first keeps anchor number and mailbox; the second begins anew. Their shared account does not survive: whoever got in may have
added passkeys or cards that no recovery would remove, and the second's work id could not be enrolled while the first's account had
it. So the account is erased at the authorities, both are enrolled under fresh references, and the first's mailboxes may be claimed
once more. What the first's own devices had sealed for themselves is lost with the account.

Checkups, claims, guidance and screenings that came under the second's number are withdrawn from the first's mailbox; their
files must be imported again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from protocol.member import MemberNumber
from protocol.messages.base import BATCH_ROWS
from protocol.messages.guidance import WithdrawnGuidance
from protocol.messages.mailbox import MailboxesRecovering, RecoverMailboxes, Recovery
from protocol.messages.medical_claims import WithdrawnClaim
from protocol.messages.records import CheckupsWithdrawn, WithdrawCheckups, WithdrawnCheckup
from protocol.names import AUTHORITIES, STORES

from . import guidance, medical_claims, screenings
from .batches import cut
from .chosen import number_of
from .erasures import erase_accounts
from .errors import RegistrarError
from .hosts import encode
from .imports import import_files
from .listed import Listed, open_listed
from .report import ImportSummary
from .roster_member import Member, Told, mint
from .run import Desk, Run, running
from .tokens import Seeds, seeds_of
from .windows import quotas_of


@dataclass(frozen=True)
class SplitSummary:
    """What a split came to."""

    withdrawn: int
    """Checkups, claims, reports and screenings that were taken out of the first's mailbox: import their files again."""
    imported: ImportSummary


async def split(desk: Desk, second: str, first: str, tables: Sequence[Path]) -> SplitSummary:
    """Take the person with number ``second`` out of the member with number ``first``, and enrol both from the corrected tables.

    May be killed at any point, and run again. Raises ``RegistrarError`` unless the roster took the two for one.
    """
    insurer = desk.deployment.insurer
    other = number_of(second, insurer)
    async with running(desk) as run:
        withdrawn = await _apart(run, other, number_of(first, insurer, "--from"))
    summary = await import_files(
        desk.home, desk.deployment, tables, desk.officers, desk.progress, mounts=desk.mounts, today=desk.today
    )
    return SplitSummary(withdrawn, summary)


async def _apart(run: Run, second: MemberNumber, first: MemberNumber) -> int:
    member = run.roster.find(first)
    if member is not None and second in member.apart and second not in member.numbers:
        return 0
    if member is None or second not in member.numbers or first == second:
        raise RegistrarError("the roster does not take these two numbers for one person")
    if second == member.anchor:
        raise RegistrarError("the --member number came first: give it as --from, and the other one as --member")
    member = replace(member, apart=tuple(dict.fromkeys((*member.apart, second))), splitting=True)
    run.roster.put([member])
    seeds = (await seeds_of(run, [member]))[0]
    withdrawn = await _withdraw(run, member, second, seeds)
    await _begin_anew(run, member, seeds)
    run.roster.put([_alone(member, first, second)])
    return withdrawn


async def _withdraw(run: Run, member: Member, second: MemberNumber, seeds: Seeds) -> int:
    return await _withdraw_checkups(run, member, second, seeds) + await _withdraw_sent(run, member, second, seeds)


async def _withdraw_sent(run: Run, member: Member, second: MemberNumber, seeds: Seeds) -> int:
    """Take back the medical claims, reports of guidance and screenings that came under the second's number."""
    sent, token = run.roster.sent, seeds["anon-data"].token
    claims = sent.came_as(member.anchor, second, "medical-claim")
    reports = sent.came_as(member.anchor, second, "guidance")
    screened = sent.came_as(member.anchor, second, "screening")
    withdrawn = len(claims) + len(reports) + len(screened)
    if not withdrawn:
        return 0
    windows = await run.session.windows("ingest", quotas_of("ingest", withdrawn=withdrawn))
    named = [WithdrawnClaim(token=token, claim=bytes.fromhex(name)) for (name,) in claims]
    await medical_claims.withdraw(run, windows.pseudonymous, named)
    dated = [WithdrawnGuidance(token=token, day=date.fromisoformat(day), stage=stage) for day, stage in reports]
    await guidance.withdraw(run, windows.pseudonymous, dated)
    await screenings.withdraw(run, windows.pseudonymous, [screenings.screening_row(token, key) for key in screened])
    sent.forget(member.anchor, "medical-claim", claims)
    sent.forget(member.anchor, "guidance", reports)
    sent.forget(member.anchor, "screening", screened)
    return withdrawn


async def _withdraw_checkups(run: Run, member: Member, second: MemberNumber, seeds: Seeds) -> int:
    keys = run.roster.came_as(member.anchor, second)
    if not keys:
        return 0
    windows = await run.session.windows("ingest", quotas_of("ingest", withdrawn=len(keys)))
    token = seeds["anon-data"].token
    for piece in cut(keys, BATCH_ROWS):
        rows = tuple(WithdrawnCheckup(token=token, exam_date=date.fromisoformat(day), program=program) for day, program in piece)
        body = encode(WithdrawCheckups(rows=rows))
        await run.session.hosts.call("anon-data", windows.pseudonymous, "/checkups/withdrawals", body, CheckupsWithdrawn)
    run.roster.forget_checkups(member.anchor, keys)
    return len(keys)


async def _begin_anew(run: Run, member: Member, seeds: Seeds) -> None:
    """Forget the shared account, and let the mailboxes be claimed once more."""
    refs: Listed = {host: [(member, member.refs[host])] for host in AUTHORITIES}
    window = (await open_listed(run.session, "erase", refs))["named"]
    for host in AUTHORITIES:
        await erase_accounts(run, window, host, [member.refs[host]])
    tokens: Listed = {store: [(member, seeds[store].token)] for store in STORES}
    stores = (await open_listed(run.session, "recover", tokens))["pseudonymous"]
    for store in STORES:
        token = seeds[store].token
        body = encode(RecoverMailboxes(rows=(Recovery(token=token, subject=stores.subject(store, token)),)))
        await run.session.hosts.call(store, stores, "/recoveries", body, MailboxesRecovering)


def _alone(member: Member, first: MemberNumber, second: MemberNumber) -> Member:
    """Return the first as somebody whom no host knows yet, but for the mailboxes that follow from the anchor."""
    return replace(
        member,
        current=first,
        former=tuple(one for one in member.former if one not in (first, second)),
        status="planned",
        content=b"",
        group="",
        refs=mint(),
        released=False,
        acquired=None,
        lost=None,
        died=False,
        work_id="",
        work_lost=None,
        told=Told(),
        letter=None,
        splitting=False,
    )
