"""Consents at anon-data: what a member agreed to, by purpose and by the version of the text that was shown. Days, never times."""

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import Field

from .base import Message

ConsentPurpose = Literal["analysis", "household", "messages", "portal-use"]
CONSENT_PURPOSES: tuple[ConsentPurpose, ...] = get_args(ConsentPurpose)
"""In the order in which they are shown."""

Version = Annotated[int, Field(ge=1, lt=2**15)]


class ConsentWords(Message):
    """A text in one language."""

    title: str
    body: str


class ConsentText(Message):
    """The newest version of a purpose's text. The text of a version never changes."""

    purpose: ConsentPurpose
    version: Version
    counts_from: Version
    """Consents to this version or a later one still count; who agreed to an earlier one is asked again."""
    ja: ConsentWords
    en: ConsentWords


class ConsentTexts(Message):
    """``GET /consents``: the texts, the same for everybody and read without a proof."""

    texts: tuple[ConsentText, ...]


class PutConsent(Message):
    """``PUT /me/consents/{purpose}``: give or withdraw a consent; the same again changes nothing."""

    given: bool
    version: Version
    """The text that the member was shown. A consent is given to the newest alone; whatever version withdraws."""


class ConsentEntry(Message):
    """What the member decided on one day (UTC); of a day only the last word is kept."""

    day: date
    given: bool
    version: Version


class ConsentState(Message):
    """One purpose."""

    purpose: ConsentPurpose
    standing: bool
    """Whether the purpose may be followed today."""
    history: tuple[ConsentEntry, ...]
    """The newest first."""


class Consents(Message):
    """``GET /me/consents``: every purpose, also those about which nothing was decided yet."""

    consents: tuple[ConsentState, ...]
