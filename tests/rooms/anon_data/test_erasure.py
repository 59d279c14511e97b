"""An erasure and an import meet."""

import asyncio

from protocol.messages.mailbox import EraseMailboxes, Erasure
from support.store_host import StoreHost

from .samples import checkup, put_items, store


async def test_an_import_that_began_before(host: StoreHost) -> None:
    """An import that has found the mailbox and not yet written ends before the erasure, which then reaches its rows."""
    member = await host.member()
    await put_items(host)
    listed = await host.decided("erase", member)
    message = EraseMailboxes(rows=(Erasure(token=member.token, subject=listed.proof("anon-data", member.token)),))
    # Here the import has looked for the mailbox, and is about to look for its checkups.
    async with host.held("LOCK TABLE checkup IN ACCESS EXCLUSIVE MODE"):
        imported = asyncio.create_task(store(host, (member, checkup())))
        await host.waiting(1)
        erased = asyncio.create_task(host.as_registrar("erase", "POST", "/erasures", message))
        await host.waiting(2)
    answers = [(await imported).json()["inserted"], (await erased).json()["erased"]]
    left = [(await host.rows(f"SELECT count(*) FROM {table}"))[0][0] for table in ("mailbox", "checkup", "observation")]

    assert (answers, left) == ([1, 1], [0, 0, 0])
