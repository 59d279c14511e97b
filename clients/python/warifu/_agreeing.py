"""The part of a session in which a member agrees to something, and lets somebody of the household read."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from protocol.code import PinError
from protocol.jose import thumbprint
from protocol.messages.consents import ConsentPurpose, Consents, ConsentState, ConsentText, ConsentTexts, PutConsent
from protocol.messages.households import EndView, GiveView, Shown, ViewGiven, ViewsGiven
from protocol.view_code import ViewCode

from ._lifetime import Lifetime
from ._wire import parse
from .errors import InputRefused


@dataclass(frozen=True, repr=False)
class GivenView:
    """What is handed to whoever may read. The code goes from screen to camera, the PIN is told; neither goes to a host."""

    code: ViewCode
    until: date


class Agrees(Lifetime):
    """A session in which a member gives and withdraws consents, and gives and ends household views."""

    async def consent_texts(self) -> tuple[ConsentText, ...]:
        """Return what the member is asked, one text a purpose: show it before :meth:`give_consent`."""
        return parse("anon-data", ConsentTexts, await self._ask("anon-data", "GET", "/consents")).texts

    async def consents(self) -> tuple[ConsentState, ...]:
        """Return what the member decided about each purpose."""
        return parse("anon-data", Consents, await self._ask("anon-data", "GET", "/me/consents")).consents

    async def give_consent(self, text: ConsentText) -> None:
        """Agree to a text that was shown; one that is no longer the newest is refused (``consent-text``)."""
        await self._decide(text.purpose, PutConsent(given=True, version=text.version))

    async def withdraw_consent(self, purpose: ConsentPurpose) -> None:
        """Withdraw a consent. What was kept under it alone goes at once: views of the household, marks of portal use."""
        await self._decide(purpose, PutConsent(given=False, version=1))

    async def give_view(self, shows: Iterable[Shown], pin: str, until: date) -> GivenView:
        """Let whoever has the code that is returned, and the PIN, read without signing in until that day.

        Needs the consent ``household``; ends with it, by :meth:`end_view`, and when the member's keys are changed.
        """
        code = ViewCode.fresh()
        try:
            key = await asyncio.to_thread(code.key, pin)
        except PinError as error:
            raise InputRefused("pin", str(error)) from None
        message = GiveView(handle=code.handle, jkt=thumbprint(key), shows=tuple(sorted(set(shows))), until=until)
        await self._ask("anon-data", "PUT", "/me/views", message=message)
        return GivenView(code, until)

    async def views(self) -> tuple[ViewGiven, ...]:
        """Return the views that the member gave; to whom is known to the member alone."""
        return parse("anon-data", ViewsGiven, await self._ask("anon-data", "GET", "/me/views")).views

    async def end_view(self, handle: bytes) -> None:
        """End a view; what somebody has read already they have read."""
        await self._ask("anon-data", "POST", "/me/views/endings", message=EndView(handle=handle))

    async def _decide(self, purpose: ConsentPurpose, decision: PutConsent) -> None:
        await self._ask("anon-data", "PUT", f"/me/consents/{purpose}", message=decision)
