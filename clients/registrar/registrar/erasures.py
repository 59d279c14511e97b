"""Forgetting members at all hosts. The roster forgets them last: it alone knows the number from which their tokens follow."""

from collections.abc import Sequence

from protocol.messages import life_events, mailbox
from protocol.names import AUTHORITIES, STORES, AuthorityName, StoreName, Zone

from .batches import batches
from .hosts import encode
from .listed import Listed, open_listed
from .roster_member import Member
from .run import Run
from .tokens import Seeds, seeds_of
from .windows import Window


async def erase(run: Run, members: Sequence[Member]) -> None:
    """Erase everything of these members; where the rules say so, copies of health records stay that belong to nobody any more."""
    seeds = await seeds_of(run, members)
    windows = await open_listed(run.session, "erase", _listed(members, seeds))
    stage = run.stage("erasures", (len(AUTHORITIES) + len(STORES)) * len(members))
    for store in STORES:
        await _erase_mailboxes(run, windows, store, seeds)
        stage.add(len(members))
    for host in AUTHORITIES:
        await erase_accounts(run, windows["named"], host, [member.refs[host] for member in members])
        stage.add(len(members))


def _listed(members: Sequence[Member], seeds: Sequence[Seeds]) -> Listed:
    """Return whom the window is about."""
    at_authorities: Listed = {host: [(member, member.refs[host]) for member in members] for host in AUTHORITIES}
    at_stores: Listed = {
        store: [(member, one[store].token) for member, one in zip(members, seeds, strict=True)] for store in STORES
    }
    return {**at_authorities, **at_stores}


async def erase_accounts(run: Run, window: Window, host: AuthorityName, refs: Sequence[bytes]) -> None:
    """Forget references at one authority."""
    for batch in batches(refs, lambda ref: ref):
        rows = tuple(life_events.Erasure(ref=ref, subject=window.subject(host, ref)) for ref in batch)
        await run.session.hosts.tell(host, window, "/erasures", encode(life_events.Erase(rows=rows)))


async def _erase_mailboxes(run: Run, windows: dict[Zone, Window], store: StoreName, seeds: Sequence[Seeds]) -> None:
    window, keep = windows["pseudonymous"], store == "anon-data" and run.rules.at_erasure == "keep"
    for batch in batches([one[store].token for one in seeds], lambda token: token):
        rows = tuple(mailbox.Erasure(token=token, subject=window.subject(store, token)) for token in batch)
        body = encode(mailbox.EraseMailboxes(rows=rows, keep=keep))
        await run.session.hosts.call(store, window, "/erasures", body, mailbox.MailboxesErased)
