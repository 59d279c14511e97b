"""The shell's commands about consents and household views."""

from collections.abc import Callable
from datetime import date, timedelta

from protocol.messages.consents import CONSENT_PURPOSES, ConsentPurpose, ConsentState, ConsentText
from protocol.messages.households import SHOWN, ViewGiven
from rich.console import Console
from rich.table import Table

from warifu.cards import qr_terminal
from warifu.errors import InputRefused
from warifu.session import MemberSession

from .asking import Ask, new_pin
from .words import Words

_VIEW_DAYS = 365
_SHORT = 8
_YES = frozenset({"yes", "はい"})


class AgreeingCommands:
    """Each public method is the command of its name."""

    def __init__(self, session: MemberSession, console: Console, words: Words, *, today: Callable[[], date], ask: Ask) -> None:
        self._session = session
        self._console = console
        self._words = words
        self._today = today
        self._ask = ask

    async def consents(self) -> None:
        """Show what the member is asked, and what they decided."""
        texts = {text.purpose: text for text in await self._session.consent_texts()}
        table = Table(title=self._words("title-consents"))
        for column in ("consent-purpose", "consent-about", "consent-state", "date"):
            table.add_column(self._words(column))
        for state in await self._session.consents():
            day = state.history[0].day.isoformat() if state.history else ""
            table.add_row(state.purpose, self._said(texts[state.purpose])[0], self._state(state), day)
        self._console.print(table)

    async def consent(self, what: str, purpose: str) -> None:
        """Give a consent after its text was shown and agreed to, or withdraw it."""
        chosen = _purpose(purpose)
        if what == "withdraw":
            await self._session.withdraw_consent(chosen)
            self._console.print(self._words("consent-withdrawn"))
        elif what == "give":
            text = next(text for text in await self._session.consent_texts() if text.purpose == chosen)
            self._console.print(*self._said(text), sep="\n", markup=False, highlight=False)
            if (await self._ask(self._words("ask-agree"))).strip().lower() not in _YES:
                raise InputRefused("agree", "the text was not agreed to")
            await self._session.give_consent(text)
            self._console.print(self._words("consent-given", version=text.version))
        else:
            raise ValueError("give or withdraw")

    async def tell_participation(self) -> None:
        """Tell the last half-year's level of participation, where there is something to tell."""
        done = await self._session.tell_participation()
        self._console.print(self._words("participation-told" if done else "participation-not-told"))

    async def give_view(self, *shows: str) -> None:
        """Make a code for somebody of the household, and show it."""
        chosen = [one for one in SHOWN if one in shows]
        if not shows or len(chosen) != len(shows):
            raise ValueError("what is shown")
        pin = await new_pin(self._ask, self._words)
        given = await self._session.give_view(chosen, pin, self._today() + timedelta(days=_VIEW_DAYS))
        self._console.print(self._words("view-code", until=given.until.isoformat()))
        self._console.print(given.code.text, qr_terminal(given.code.qr), sep="\n", markup=False, highlight=False)

    async def views(self) -> None:
        """Show the views that the member gave."""
        table = Table(title=self._words("title-views"))
        for column in ("way-id", "view-shows", "way-state"):
            table.add_column(self._words(column))
        for view in await self._session.views():
            state = self._words("way-until", time=view.until.isoformat()) if view.reads else self._words("view-ended")
            table.add_row(_short(view), ", ".join(self._words(f"view-{one}") for one in view.shows), state)
        self._console.print(table)

    async def end_view(self, view_id: str) -> None:
        """End one."""
        found = [view for view in await self._session.views() if _short(view) == view_id.lower()]
        if len(found) != 1:
            raise InputRefused("view", "no single view has this id")
        await self._session.end_view(found[0].handle)
        self._console.print(self._words("view-is-ended"))

    def _said(self, text: ConsentText) -> tuple[str, str]:
        words = text.ja if self._words.language == "ja" else text.en
        return words.title, words.body

    def _state(self, state: ConsentState) -> str:
        if state.standing:
            return self._words("consent-standing")
        if state.history and state.history[0].given:
            return self._words("consent-asked-again")
        return self._words("consent-none")


def _purpose(text: str) -> ConsentPurpose:
    found = next((one for one in CONSENT_PURPOSES if one == text), None)
    if found is None:
        raise ValueError("not a purpose")
    return found


def _short(view: ViewGiven) -> str:
    return view.handle.hex()[:_SHORT]
