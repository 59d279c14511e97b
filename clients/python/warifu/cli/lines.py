"""Lines from the terminal, while timers go on running: an idle session must lose its keys also while nobody types."""

import asyncio
import threading
from collections.abc import AsyncIterator


async def typed_lines(prompt: str) -> AsyncIterator[str]:
    """Yield what is typed until the end of input.

    A daemon thread waits for the terminal, so that neither Ctrl-C nor the end of the session waits for Enter.
    """
    loop = asyncio.get_running_loop()
    while True:
        line: asyncio.Future[str | None] = loop.create_future()
        threading.Thread(target=_read, args=(prompt, loop, line), daemon=True).start()
        text = await line
        if text is None:
            return
        yield text


def _read(prompt: str, loop: asyncio.AbstractEventLoop, line: "asyncio.Future[str | None]") -> None:
    try:
        text: str | None = input(prompt)
    except (EOFError, OSError, UnicodeDecodeError):
        text = None
    if not loop.is_closed():
        loop.call_soon_threadsafe(lambda: None if line.done() else line.set_result(text))
