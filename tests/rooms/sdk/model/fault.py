"""Hosts that fail on request: before they act, or after they acted but before their answer arrives; and hosts that lie."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Lie = Callable[[dict[str, Any]], dict[str, Any]]
"""What is said instead of a true answer."""


@dataclass
class Faults:
    """What fails, and everything that was asked."""

    down: set[str] = field(default_factory=set)
    """Hosts that answer nothing."""
    cut_at: int | None = None
    """Number of the request whose answer is lost, and everything after it."""
    acts: bool = False
    """Whether the request at ``cut_at`` still reaches its host."""
    only_one: bool = False
    """Whether what comes after the request at ``cut_at`` is answered again."""
    down_paths: set[str] = field(default_factory=set)
    """Paths that no host answers."""
    refusals: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Paths that every host refuses, with status and problem."""
    lies: dict[str, Lie] = field(default_factory=dict)
    """Requests as they stand in the log, with what their host makes of its answer."""
    slow: set[str] = field(default_factory=set)
    """Hosts that take their time."""
    done: list[str] = field(default_factory=list)
    """What was asked, in the order in which it was answered."""
    busy: dict[str, int] = field(default_factory=dict)
    """How many of a host's next requests are told to come back at once."""
    log: list[str] = field(default_factory=list)

    def around(self, host: str, app: ASGIApp) -> ASGIApp:
        """Wrap an application."""

        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            number = len(self.log)
            self.log.append(f"{host} {scope['method']} {scope['path']}")
            if self.busy.get(host, 0):
                self.busy[host] -= 1
                await _fail(send, (b"retry-after", b"0"))
            elif host in self.down or scope["path"] in self.down_paths:
                await _fail(send)
            elif refusal := self.refusals.get(scope["path"]):
                await _refuse(send, *refusal)
            elif self.cut_at is not None and (number == self.cut_at or (number > self.cut_at and not self.only_one)):
                if self.acts and number == self.cut_at:
                    await app(scope, receive, _nowhere)
                await _fail(send)
            else:
                await asyncio.sleep(0.01 if host in self.slow else 0)
                lie = self.lies.get(self.log[number])
                await app(scope, receive, _lying(send, lie) if lie else send)
                self.done.append(self.log[number])

        return wrapped


async def _fail(send: Send, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _refuse(send: Send, status: int, slug: str) -> None:
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": f'{{"type": "{slug}"}}'.encode()})


def _lying(send: Send, lie: Lie) -> Send:
    async def changed(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [one for one in message["headers"] if one[0] != b"content-length"]}
        elif message.get("body"):
            message = {**message, "body": json.dumps(lie(json.loads(message["body"]))).encode()}
        await send(message)

    return changed


async def _nowhere(_message: Message) -> None:
    """Lose a part of an answer."""
