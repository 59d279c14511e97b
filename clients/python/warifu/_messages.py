"""The part of a session in which a member reads messages."""

from collections.abc import Iterable
from dataclasses import dataclass

from protocol.messages.member_messages import Mark, Marks, MarksKept, MemberMessage, MemberMessages, read_mark

from ._lifetime import Lifetime
from ._wire import parse
from .errors import KeyMaterialRefused


@dataclass(frozen=True)
class Received:
    """A message, and whether one of the member's devices has marked it as read."""

    message: MemberMessage
    read: bool


class ReadsMessages(Lifetime):
    """A session in which a member reads what the insurer writes to many."""

    async def messages(self) -> tuple[Received, ...]:
        """Return the messages that are shown now, the newest first; none without the consent ``messages``.

        A link that does not lead where the deployment says that messages lead is an alarm: the host made it.
        """
        answer = await self._ask("anon-data", "GET", "/me/messages")
        found = parse("anon-data", MemberMessages, answer).messages
        if any(one.link is not None and not self._wire.deployment.may_link(one.link) for one in found):
            raise KeyMaterialRefused("anon-data", "a message that links elsewhere")
        if not found:
            return ()
        asked = self._marks(one.id for one in found)
        answer = await self._ask("anon-data", "POST", "/me/messages/marks", message=asked)
        read = set(parse("anon-data", MarksKept, answer).read)
        return tuple(Received(one, one.id in read) for one in found)

    async def mark_read(self, message: bytes) -> None:
        """Mark a message as read, for all devices; which member read it is kept at no host."""
        await self._ask("anon-data", "PUT", "/me/messages/marks", message=self._marks([message]))

    def _marks(self, messages: Iterable[bytes]) -> Marks:
        seed = self._keys().settled.held.mailbox_seed
        return Marks(marks=tuple(Mark(message=one, mark=read_mark(seed, one)) for one in messages))
