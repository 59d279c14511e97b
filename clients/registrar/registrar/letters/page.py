"""From a letter to the strings on its page."""

import re
from datetime import date, datetime, timedelta, timezone
from typing import Any

import segno

from .letter import Letter, Recipient, Sender
from .wording import CAUTIONS, COMMAND_STEPS, LABELS, PORTAL_STEPS, WORDINGS, Words

JAPAN = timezone(timedelta(hours=9))
_BREAKS = re.compile(r"[ \t\r\n]+")
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]

Page = dict[str, Any]
"""JSON for `letter.typ`."""


def page(letter: Letter) -> Page:
    """Return what differs from page to page."""
    wording = WORDINGS[letter.kind]
    child = one_line(letter.child)
    return {
        "recipient": recipient(letter.recipient),
        "title": pair(wording.title),
        "lead": pair(Words(*(text.replace("{child}", child) for text in (wording.lead.ja, wording.lead.en)))),
        "number": one_line(letter.member_number),
        "groups": letter.code.groups,
        "qr": qr(letter.code.qr),
        "until": pair(day(letter.expires)),
        "from": pair(moment(letter.not_before)) if letter.not_before else None,
    }


def common(sender: Sender) -> Page:
    """Return what every page of a batch has."""
    return {
        "sender": {name: one_line(value) for name, value in vars(sender).items()},
        "steps": [pair(step) for step in (PORTAL_STEPS if sender.portal else COMMAND_STEPS)],
        "entrance": one_line(sender.portal or sender.command),
        "cautions": [pair(caution) for caution in CAUTIONS],
        "labels": {name: pair(label) for name, label in LABELS.items()},
    }


def recipient(found: Recipient) -> Page:
    """Return the address block."""
    return {name: one_line(value) for name, value in vars(found).items()}


def pair(words: Words) -> Page:
    """Return both languages."""
    return {"ja": words.ja, "en": words.en}


def one_line(text: str) -> str:
    """Return the text on one line; ideographic blanks inside stay."""
    return _BREAKS.sub(" ", text.strip())


def day(when: date) -> Words:
    """Return a date in both languages."""
    return Words(f"{when.year}年{when.month}月{when.day}日", f"{when.day} {_MONTHS[when.month - 1]} {when.year}")


def moment(when: datetime) -> Words:
    """Return a time in Japan, a begun minute counted as whole: the code works by then."""
    there = when.astimezone(JAPAN)
    if there.second or there.microsecond:
        there = there.replace(second=0, microsecond=0) + timedelta(minutes=1)
    words = day(there)
    return Words(f"{words.ja} {there.hour}時{there.minute:02}分", f"{words.en}, {there:%H:%M} JST")


def qr(text: str) -> str:
    """Return a QR code of version 2, error correction M, as SVG with its quiet zone of four modules."""
    made = segno.make(text, version=2, error="m", mode="alphanumeric", boost_error=False)
    return made.svg_inline(border=4, omitsize=True)
