"""A device reads its member's messages, and marks what was read."""

from datetime import date

from chassis.database import Database
from mailboxes.readers import Reader
from protocol.messages.member_messages import Marks, MarksKept, MemberMessages

from anon_data.store import messages


async def read_messages(db: Database, reader: Reader, today: date) -> MemberMessages:
    """Return the messages that are shown today; none to a member who did not agree to messages."""
    async with db.statements("read-messages") as tx:
        token = await reader.for_reading(tx)
        return MemberMessages.model_construct(messages=await messages.of_token(tx, token, today))


async def put_marks(db: Database, reader: Reader, request: Marks, today: date) -> None:
    """Keep marks; what marks a message that this member is not shown is passed over."""
    async with db.transaction("put-marks") as tx:
        await messages.mark(tx, await reader.for_writing(tx), request.marks, today)


async def read_marks(db: Database, reader: Reader, request: Marks) -> MarksKept:
    """Say which marks are kept. Only whoever made a mark knows it."""
    async with db.statements("read-marks") as tx:
        await reader.for_reading(tx)
        return MarksKept(read=tuple(await messages.kept(tx, request.marks)))
