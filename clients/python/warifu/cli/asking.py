"""What the command line asks a person for: codes, PINs, and proof that they are still there."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from warifu.errors import InputRefused, SignInFailed
from warifu.ways import CodeWay, Way

from .lines import typed
from .words import Words

Proving = Callable[[], Awaitable[Way]]
"""Returns a way by which the person proves a change; a code is asked for each time, and not kept."""


class Ask(Protocol):
    """One question; ``hidden`` answers are not shown while they are typed. Raises ``SignInFailed`` at the end of input."""

    async def __call__(self, prompt: str, *, hidden: bool = False) -> str:
        """Return what was typed."""
        ...


async def at_terminal(prompt: str, *, hidden: bool = False) -> str:
    """Ask at the terminal."""
    text = await typed(prompt + " ", hidden=hidden)
    if text is None:
        raise SignInFailed("nobody answers")
    return text.strip()


async def code_way(ask: Ask, words: Words) -> CodeWay:
    """Ask for a letter's or a card's code, and for the card's PIN."""
    code = CodeWay(await ask(words("ask-code")))
    return code.with_pin(await ask(words("ask-pin"), hidden=True) or None)


async def new_pin(ask: Ask, words: Words) -> str:
    """Ask for a new PIN twice."""
    first = await ask(words("ask-new-pin"), hidden=True)
    if first != await ask(words("ask-pin-again"), hidden=True):
        raise InputRefused("pins", "the two PINs differ")
    return first
