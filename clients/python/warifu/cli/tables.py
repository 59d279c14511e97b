"""What a member reads, as tables with units."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from protocol.messages.records import Vital
from protocol.messages.steps import StepDay
from protocol.record import Profile
from rich.table import Table
from rich.text import Text

from warifu import Note, WayIn

from .words import Words

SHORT_ID = 8
"""Hexadecimal digits of an id that are shown: a member has few ways."""
_UNITS = {"mm[Hg]": "mmHg", "Cel": "°C", "/min": "bpm", "10*4/uL": "10⁴/µL", "10*3/uL": "10³/µL", "{score}": "", "1": ""}
"""UCUM codes that people write in another way."""


def shown_unit(ucum: str | None) -> str:
    """Return a unit as people write it."""
    return _UNITS.get(ucum or "", ucum or "")


def profile_table(profile: Profile, words: Words) -> Table:
    """Return the personal record, without its empty lines."""
    table = Table(title=words("title-profile"), show_header=False)
    for name, value in profile.model_dump().items():
        if value:
            table.add_row(words.known(name), Text(words.known(value) if name in {"sex", "relation"} else value))
    return table


def vitals_table(vitals: Iterable[Vital], words: Words) -> Table:
    """Return the values measured at home."""
    table = Table(words("date"), words("item"), title=words("title-vitals"))
    table.add_column(words("value"), justify="right")
    table.add_column(words("unit"))
    table.add_column(words("source"))
    for vital in vitals:
        table.add_row(
            vital.day.isoformat(), words(vital.kind), str(vital.value), shown_unit(vital.unit), words(f"source-{vital.source}")
        )
    return table


def notes_table(notes: Iterable[Note], words: Words) -> Table:
    """Return the notes."""
    table = Table(words("date"), words("note"), title=words("title-notes"))
    for note in notes:
        table.add_row(note.day.isoformat(), Text(note.text))
    return table


def steps_table(days: Iterable[StepDay], words: Words) -> Table:
    """Return the day totals."""
    table = Table(words("date"), title=words("title-steps"))
    table.add_column(words("steps"), justify="right")
    table.add_column(words("unit"))
    for day in days:
        table.add_row(day.day.isoformat(), f"{day.steps:,}", words("steps-unit"))
    return table


def ways_table(ways: Iterable[WayIn], words: Words) -> Table:
    """Return the ways to sign in."""
    table = Table(words("way-id"), words("way-kind"), words("way-label"), words("way-state"), title=words("title-ways"))
    for way in ways:
        table.add_row(short_id(way), words(f"kind-{way.kind}"), Text(way.label or ""), _state(way, words))
    return table


def short_id(way: WayIn) -> str:
    """Return the beginning of an id, by which a way is named in commands."""
    return way.id.hex()[:SHORT_ID]


def shown_time(moment: datetime | None) -> str:
    """Return a time as this device's clock has it."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""


def _state(way: WayIn, words: Words) -> str:
    said = [] if way.confirmed else [words("way-unconfirmed")]
    if way.effective_from:
        said.append(words("way-from", time=shown_time(way.effective_from)))
    if way.expires:
        said.append(words("way-until", time=shown_time(way.expires)))
    if way.guardian_until:
        said.append(words("way-guardian"))
    return "\n".join(said)


def help_table(usages: Mapping[str, str], words: Words) -> Table:
    """Return the commands with what they do."""
    table = Table(title=words("title-help"), show_header=False)
    for name, usage in usages.items():
        table.add_row(Text(usage, style="bold"), words(f"help-{name}"))
    return table
