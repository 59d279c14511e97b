"""A message is sent to members whom nobody names."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from chassis.database import Database, Transaction
from mailboxes.order import require_sorted, require_unique
from mailboxes.store import batches, mailboxes
from protocol.deployment import Deployment
from protocol.messages.member_messages import (
    FEWEST,
    CountMessages,
    MessageCount,
    MessageCounts,
    MessageSent,
    SendMessage,
    shown,
)
from windows import RegistrarCall, spend

from anon_data.errors import MessageDiffers, MessageRefused
from anon_data.store import messages

MOST_DAYS = 200
MOST_A_DAY = 20
"""Messages that may be sent on one day before the staff has to wait, those of the registrar counted."""
Allow = Callable[[Transaction, int], Awaitable[None]]
"""Raises a problem where so many more people may not be addressed."""


async def send_by_registrar(
    db: Database, deployment: Deployment, caller: RegistrarCall, sent: SendMessage, today: date
) -> MessageSent:
    """Send in a window, whose quota counts each person once."""

    async def count_people(tx: Transaction, added: int) -> None:
        await spend(tx, caller, "message", added)

    return await _send(db, deployment, sent, today, count_people)


async def send_by_staff(db: Database, deployment: Deployment, sent: SendMessage, today: date) -> MessageSent:
    """Send without a window: so many messages a day, whoever of the staff sends them."""

    async def count_messages_of_the_day(tx: Transaction, _added: int) -> None:
        if await messages.sent_on(tx, today) > MOST_A_DAY:
            raise MessageRefused(reason="too-many", most_a_day=MOST_A_DAY)

    return await _send(db, deployment, sent, today, count_messages_of_the_day)


async def _send(db: Database, deployment: Deployment, sent: SendMessage, today: date, allow: Allow) -> MessageSent:
    """Address whoever fits, or those tokens, and say roughly how many it addresses in all.

    Fewer than ten people are nobody's audience: what addresses one person could ask them something that gives them away. Whether
    they agreed to messages is asked when they read; so how many were addressed tells nothing of what anybody agreed to.
    """
    if not today <= sent.until <= today + timedelta(days=MOST_DAYS):
        raise MessageRefused(reason="until", most_days=MOST_DAYS)
    if sent.link is not None and not deployment.may_link(sent.link):
        raise MessageRefused(reason="link")
    tokens = sent.tokens or ()
    require_sorted(tokens)
    require_unique(tokens)
    async with db.transaction("send-message") as tx:
        await batches.share(tx)
        await messages.hold(tx)
        known = await mailboxes.known(tx, tokens) if tokens else set()
        if not await messages.put(tx, sent, today):
            raise MessageDiffers
        added = await _address(tx, sent)
        people = await messages.people(tx, sent.id)
        if people < FEWEST:
            raise MessageRefused(reason="too-few", fewest=FEWEST)
        await allow(tx, added)
    unknown = tuple(at for at, token in enumerate(tokens) if token not in known)
    return MessageSent(new=added > 0, people=shown(people), unknown=unknown)


async def count_messages(db: Database, asked: CountMessages, today: date) -> MessageCounts:
    """Return how many are addressed and how many have read, as far as that is told."""
    async with db.statements("count-messages") as tx:
        found = await messages.counts(tx, asked.ids, today)
    return MessageCounts(
        counts=tuple(MessageCount(id=one, people=shown(people), read=shown(read, people)) for one, people, read in found)
    )


async def _address(tx: Transaction, sent: SendMessage) -> int:
    if sent.to is not None:
        return await messages.address_segment(tx, sent.id, sent.to)
    return await messages.address_tokens(tx, sent.id, sent.tokens or ())
