"""Messages to members whom nobody names: a file says the words and whom they are for, anon-data finds them."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from protocol.deployment import Deployment
from protocol.encoding import EncodingError, sha256, unb64u
from protocol.messages.base import BATCH_ROWS
from protocol.messages.member_messages import CountMessages, MessageCount, MessageCounts, MessageSent, SendMessage
from pydantic import ValidationError

from .batches import batches
from .errors import RegistrarError
from .hosts import encode
from .run import Desk, running
from .windows import quotas_of

_ID_BYTES = 16


@dataclass(frozen=True)
class Draft:
    """A message as its file says it."""

    message: SendMessage
    """Of the first batch, where there is a list of tokens."""
    tokens: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Sent:
    """What became of a message."""

    id: bytes
    new: bool
    people: int | None
    """About how many it addresses, from ten on."""
    unknown: int
    """How many of the listed tokens are nobody's."""


def read_draft(path: Path, tokens: Path | None, deployment: Deployment) -> Draft:
    """Read a message (TOML: ``until``, ``link``, ``[ja]``, ``[en]``, ``[to]``), and perhaps a list of tokens, one a line.

    Its id follows from what it says, so the same file again is the same message. Raises RegistrarError.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise RegistrarError(f"{path} is not TOML") from None
    listed = _tokens(tokens) if tokens else ()
    if "id" in said or "tokens" in said:
        raise RegistrarError("a message's file has neither id nor tokens")
    try:
        # Checked with an empty id first, because the id follows from what was checked.
        first = {"tokens": [*listed[:BATCH_ROWS]]} if listed else {}
        checked = SendMessage.model_validate({**said, **first, "id": bytes(_ID_BYTES)})
    except ValidationError as error:
        places = sorted({".".join(map(str, one["loc"])) or "the message" for one in error.errors()})
        raise RegistrarError(f"{path} is not a message: see {', '.join(places)}") from None
    if checked.link is not None and not deployment.may_link(checked.link):
        raise RegistrarError("the link does not lead to the portal or an origin in message_links, or has a query")
    content = encode(checked.model_copy(update={"tokens": None}))
    return Draft(checked.model_copy(update={"id": sha256(b"message", content)[:_ID_BYTES]}), listed)


async def send(desk: Desk, draft: Draft, most: int) -> Sent:
    """Send a message in a window for at most so many people; raises RegistrarError where it would address more, or too few."""
    async with running(desk) as run:
        window = (await run.session.windows("message", quotas_of("message", addressed=most))).pseudonymous
        answers = [
            await run.session.hosts.call("anon-data", window, "/messages", encode(one), MessageSent) for one in _calls(draft)
        ]
    unknown = sum(len(one.unknown) for one in answers)
    return Sent(draft.message.id, any(one.new for one in answers), answers[-1].people, unknown)


async def count(desk: Desk, ids: Sequence[bytes]) -> tuple[MessageCount, ...]:
    """Return about how many were addressed and have read; None below ten, and for messages that are over."""
    async with running(desk) as run:
        window = (await run.session.windows("message", quotas_of("message"))).pseudonymous
        body = encode(CountMessages(ids=tuple(ids)))
        return (await run.session.hosts.call("anon-data", window, "/messages/counts", body, MessageCounts)).counts


def message_id(text: str) -> bytes:
    """Read an id as it is shown; raises RegistrarError."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != _ID_BYTES:
        raise RegistrarError("a message's id is 32 hexadecimal digits")
    return found


def _calls(draft: Draft) -> list[SendMessage]:
    if not draft.tokens:
        return [draft.message]
    # The largest batch first: a message addresses ten people at least from its first call on.
    pieces = batches(draft.tokens, lambda token: token)
    return [draft.message.model_copy(update={"tokens": tuple(piece)}) for piece in pieces]


def _tokens(path: Path) -> tuple[bytes, ...]:
    try:
        found = {unb64u(line.strip(), 32) for line in path.read_text(encoding="ascii").splitlines() if line.strip()}
    except (OSError, UnicodeDecodeError, EncodingError):
        raise RegistrarError(f"{path} is not a list of tokens, one a line") from None
    if not found:
        raise RegistrarError(f"{path} names nobody")
    return tuple(sorted(found))
