"""Checkups as tables and sentences: what was found, what is normal, what the rules make of it, and how it went over the years."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from health import JUDGED_TOGETHER, NINGEN_DOCK_2026, Letter, Number, Observed, Sex, questionnaire, questions, said, sentences
from health import words as health_words
from health.items import by_code
from protocol.messages.records import Checkups, Item, Observation
from rich.table import Table
from rich.text import Text

from warifu.checkup_views import CheckupView, Line, checkup_views

from .tables import shown_unit
from .words import Words

_STYLES = {"H": "bold red", "L": "bold blue", "N": ""}
_LETTER_STYLES: dict[Letter, str] = {"A": "", "B": "yellow", "C": "bold yellow", "D": "bold red"}
_ARROWS = {"up": "↑", "down": "↓", "same": "→"}
_YEARS_SHOWN = 5
_WORTH_EXPLAINING = {"C", "D"}


def checkup_pages(
    found: Checkups, details: Mapping[int, Mapping[str, Any]], words: Words, *, sex: Sex | None, fiscal_year: int | None = None
) -> Iterator[Table | Text]:
    """Yield all that is to be read of the checkups, or of one fiscal year's; ``details`` are the opened ones by position."""
    items = {item.code: item for item in found.items}
    for at, view in enumerate(checkup_views(found, details, sex=sex)):
        if fiscal_year in (None, view.checkup.fiscal_year):
            yield checkup_table(view, items, details.get(at, {}), words)
            if (answers := answers_table(view, words)) is not None:
                yield answers
            yield from (Text(sentence) for sentence in explained(view, words))


def checkup_table(view: CheckupView, items: Mapping[str, Item], details: Mapping[str, Any], words: Words) -> Table:
    """Return what was measured and found; answers of the questionnaire have a table of their own."""
    checkup = view.checkup
    year = words("fiscal-year", year=checkup.fiscal_year)
    table = Table(title=f"{words('title-checkups')} {checkup.exam_date.isoformat()} ({year})", caption=_institution(details))
    table.add_column(words("item"))
    table.add_column(words("value"), justify="right")
    for column in ("unit", "range", "letter", "change", "flag"):
        table.add_column(words(column))
    lines = {line.code: line for line in view.lines}
    answered = _answered(view, words)
    for seen in checkup.observations:
        if seen.item not in answered:
            _add(table, seen, items.get(seen.item), lines.get(seen.item), words)
    for sealed in _dicts(details.get("observations")):
        if sealed.get("code") not in answered:
            item = items.get(str(sealed.get("code")))
            name = item.display if item else words.known(str(sealed.get("name", "")))
            value = sealed.get("label", sealed.get("value", ""))
            table.add_row(Text(name), Text(str(value)), Text(shown_unit(str(sealed.get("unit", "")))))
    return table


def _answered(view: CheckupView, words: Words) -> list[str]:
    """Return the codes whose answers stand in the questionnaire's own table."""
    asked = questions(words.language)
    coded = (one.code for one in view.observed if isinstance(one.value, str) and one.code in by_code())
    return [code for code in coded if by_code()[code].name in asked]


def answers_table(view: CheckupView, words: Words) -> Table | None:
    """Return the questionnaire in words, or None where nothing was answered."""
    given = questionnaire(view.observed, words.language)
    if not given:
        return None
    table = Table(words("question"), words("answer"), title=words("title-answers"))
    for one in given:
        table.add_row(Text(one.question), Text(one.answer))
    return table


def explained(view: CheckupView, words: Words) -> Iterator[str]:
    """Yield both results of the public rules with their reasons, and what the values mean that need care."""
    text = health_words(words.language)
    for decision, kind, item in (
        (view.syndrome, "syndrome", "metabolic-syndrome"),
        (view.guidance, "guidance", "guidance-level"),
    ):
        if decision is None:
            yield text["explain.no-guidance"]
            continue
        yield from sentences(decision, words.language)
        if view.differs(decision, item):
            known = text.get(f"{kind}.{view.stated[item]}", view.stated[item])
            yield text["explain.stated-otherwise"].format(result=known)
    for line in view.lines:
        if line.letter in _WORTH_EXPLAINING:
            yield f"{line.letter} {text[f'item.{line.item}']}: {text[f'meaning.{line.item}']}"
    if sum(line.letter is not None for line in view.lines if line.item in JUDGED_TOGETHER) > 1:
        yield words("letters-together")
    if any(line.letter for line in view.lines):
        yield words("letters-from", table=text[f"table.{NINGEN_DOCK_2026}"])


def years_table(views: Sequence[CheckupView], words: Words) -> Table:
    """Return the last checkups side by side, the newest first, with each value's letter and where it has gone."""
    shown, text = views[:_YEARS_SHOWN], health_words(words.language)
    table = Table(words("item"), *(view.exam_date.isoformat() for view in shown), words("trend"), title=words("title-years"))
    by_item = [{line.item: line for line in view.lines if isinstance(line.value, Number)} for view in shown]
    for name in dict.fromkeys(item.name for item in by_code().values()):
        if not any(name in lines for lines in by_item):
            continue
        newest = by_item[0].get(name) if by_item else None
        cells = [_dated(lines.get(name)) for lines in by_item]
        table.add_row(Text(text[f"item.{name}"]), *cells, Text(text[f"trend.{newest.trend}"] if newest and newest.trend else ""))
    return table


def meanings_table(view: CheckupView, words: Words) -> Table:
    """Return what each value of a checkup means."""
    text = health_words(words.language)
    table = Table(words("item"), words("meaning"), title=words("title-meanings"))
    for line in view.lines:
        if (meaning := text.get(f"meaning.{line.item}")) is not None:
            table.add_row(Text(text[f"item.{line.item}"]), Text(meaning))
    return table


def _add(table: Table, seen: Observation, item: Item | None, line: Line | None, words: Words) -> None:
    table.add_row(
        Text(_name(seen, item, words)),
        Text(_value(seen, item, words), style=_STYLES.get(seen.flag or "", "")),
        Text(shown_unit(item.unit) if item and seen.value is not None else ""),
        Text(_range(line, words)),
        Text(line.letter or "", style=_LETTER_STYLES[line.letter] if line.letter else "") if line else "",
        Text(_change(line)),
        words(f"flag-{seen.flag}") if seen.flag else "",
    )


def _name(seen: Observation, item: Item | None, words: Words) -> str:
    known = by_code().get(seen.item)
    if words.language == "en" and known is not None:
        return health_words("en").get(f"item.{known.name}", known.label)
    return item.display if item else seen.item


def _value(seen: Observation, item: Item | None, words: Words) -> str:
    if seen.absent:
        return words(f"absent-{seen.absent}")
    if seen.value is not None:
        return str(seen.value)
    choice = seen.choice or ""
    printed = item.label(choice) if item else choice
    translated = said(Observed(seen.item, choice), words.language)
    first, second = (printed, translated) if words.language == "ja" else (translated, printed)
    return second if first == choice else first


def _range(line: Line | None, words: Words) -> str:
    """Return the values of an A, or where there are no letters those within the ministry's limits."""
    text = health_words(words.language)
    if line is None:
        return ""
    if line.normal is not None:
        low, below = line.normal.low, line.normal.below
        sides = [("at-least", low), ("below", below)]
        return " ".join(text[f"side.{side}"].format(limit=format(end, "f")) for side, end in sides if end is not None)
    if line.limits is not None:
        inside = {"at-least": "below", "below": "at-least", "at-most": "above"}[line.limits.side]
        return text[f"side.{inside}"].format(limit=format(line.limits.guidance, "f"))
    return ""


def _change(line: Line | None) -> str:
    if line is None or line.change is None:
        return ""
    arrow, difference = _ARROWS[line.change.direction], line.change.difference
    return f"{arrow} {difference:+f}" if difference else arrow


def _dated(line: Line | None) -> Text:
    if line is None or not isinstance(line.value, Number):
        return Text("")
    beyond = {"above": "≥", "below": "≤", None: ""}[line.value.beyond]
    letter = f" {line.letter}" if line.letter else ""
    return Text(f"{beyond}{line.value.value:f}{letter}", style=_LETTER_STYLES[line.letter] if line.letter else "")


def _institution(details: Mapping[str, Any]) -> Text | None:
    """Return where the examination was, as far as the insurer sealed it for the member."""
    institution = details.get("institution")
    name = institution.get("name") if isinstance(institution, dict) else institution
    return Text(str(name)) if name else None


def _dicts(value: object) -> Iterable[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
