"""Lines from the terminal, while timers go on running: an idle session must lose its keys also while nobody types."""

import asyncio
import getpass
import threading
from collections.abc import AsyncIterator, Callable

Read = Callable[[str], str]


async def typed_lines(prompt: str) -> AsyncIterator[str]:
    """Yield what is typed until the end of input."""
    while (text := await typed(prompt)) is not None:
        yield text


async def typed(prompt: str, *, hidden: bool = False) -> str | None:
    """Return one line, not shown while it is typed where ``hidden``; ``None`` at the end of input.

    A daemon thread waits for the terminal, so that neither Ctrl-C nor the end of the session waits for Enter.
    """
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str | None] = loop.create_future()
    read: Read = getpass.getpass if hidden else input
    threading.Thread(target=_read, args=(read, prompt, loop, line), daemon=True).start()
    return await line


def _read(read: Read, prompt: str, loop: asyncio.AbstractEventLoop, line: "asyncio.Future[str | None]") -> None:
    try:
        text: str | None = read(prompt)
    except (EOFError, OSError, UnicodeDecodeError):
        text = None
    if not loop.is_closed():
        loop.call_soon_threadsafe(lambda: None if line.done() else line.set_result(text))
