"""Hosts that fail on request: before they act, or after they acted but before their answer arrives."""

from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass
class Faults:
    """What fails, and everything that was asked."""

    down: set[str] = field(default_factory=set)
    """Hosts that answer nothing."""
    cut_at: int | None = None
    """Number of the request whose answer is lost, and everything after it."""
    acts: bool = False
    """Whether the request at ``cut_at`` still reaches its host."""
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
            elif host in self.down:
                await _fail(send)
            elif self.cut_at is not None and number >= self.cut_at:
                if self.acts and number == self.cut_at:
                    await app(scope, receive, _nowhere)
                await _fail(send)
            else:
                await app(scope, receive, send)

        return wrapped


async def _fail(send: Send, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _nowhere(_message: Message) -> None:
    """Lose a part of an answer."""
