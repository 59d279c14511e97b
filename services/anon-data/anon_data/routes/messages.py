"""``/messages`` for the registrar, ``/staff/messages`` for staff, ``/me/messages`` for members."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.member_messages import (
    CountMessages,
    Marks,
    MarksKept,
    MemberMessages,
    MessageCounts,
    MessageSent,
    SendMessage,
)
from staff import STAFF_PROBLEMS, StaffCall, staff
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, registrar
from windows.deps import Host

from anon_data.deps import Use
from anon_data.errors import MessageDiffers, MessageRefused
from anon_data.use_cases.read_messages import put_marks, read_marks, read_messages
from anon_data.use_cases.send_message import count_messages, send_by_registrar, send_by_staff

router = APIRouter(tags=["messages"])

Caller = Annotated[RegistrarCall, registrar("message")]
Colleague = Annotated[StaffCall, staff("analyst", "guidance", "office")]


@router.post("/messages", summary="Send a message", responses=problems(*CALL_PROBLEMS, MessageDiffers, MessageRefused, RowsRefused))
async def send(request: SendMessage, caller: Caller, db: Db, host: Host, now: Now) -> MessageSent:
    """Address members by criteria or by token; a repeated call addresses whoever was not addressed yet."""
    return await send_by_registrar(db, host.deployment, caller, request, now.now().date())


@router.post("/messages/counts", summary="Count readers", responses=problems(*CALL_PROBLEMS))
async def count(request: CountMessages, _caller: Caller, db: Db, now: Now) -> MessageCounts:
    """Read how many were addressed and how many have read, in fives and from ten on."""
    return await count_messages(db, request, now.now().date())


@router.post(
    "/staff/messages",
    summary="Send a message as staff",
    responses=problems(*STAFF_PROBLEMS, MessageDiffers, MessageRefused, RowsRefused),
)
async def send_as_staff(request: SendMessage, _caller: Colleague, db: Db, host: Host, now: Now) -> MessageSent:
    """Address members by criteria or by token; so many messages a day."""
    return await send_by_staff(db, host.deployment, request, now.now().date())


@router.post("/staff/messages/counts", summary="Count readers as staff", responses=problems(*STAFF_PROBLEMS))
async def count_as_staff(request: CountMessages, _caller: Colleague, db: Db, now: Now) -> MessageCounts:
    """Read how many were addressed and how many have read, in fives and from ten on."""
    return await count_messages(db, request, now.now().date())


@router.get("/me/messages", summary="Read the own messages", responses=problems(*READER_PROBLEMS))
async def get(reader: Reader, db: Db, use: Use, now: Now) -> MemberMessages:
    """Read what is addressed to the member, the newest first; nothing without their consent."""
    found = await read_messages(db, reader, now.now().date())
    use.read_by(reader)
    return found


@router.put("/me/messages/marks", summary="Mark as read", status_code=204, responses=problems(*READER_PROBLEMS))
async def mark(request: Marks, reader: Reader, db: Db, now: Now) -> None:
    """Mark messages as read; which member did is not kept."""
    await put_marks(db, reader, request, now.now().date())


@router.post("/me/messages/marks", summary="Ask what is marked", responses=problems(*READER_PROBLEMS))
async def marked(request: Marks, reader: Reader, db: Db) -> MarksKept:
    """Ask which of the own marks are kept."""
    return await read_marks(db, reader, request)
