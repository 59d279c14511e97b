"""What a member reads of claims, medicines, guidance and screenings, as tables with units."""

from collections.abc import Iterable

from protocol.messages.guidance_tasks import GuidedYear
from protocol.messages.medical_claims import MonthCosts
from protocol.messages.screenings import ScreenedYear
from rich.table import Table
from rich.text import Text

from warifu.archive.sections.guidance_support import LEVELS, STEPS, SUPPORT
from warifu.archive.sections.screenings import SCREENINGS
from warifu.claims import GuidanceReport, Medicine
from warifu.generics import Saving

from .words import Words


def costs_table(months: Iterable[MonthCosts], words: Words, *, by_year: bool) -> Table:
    """Return sums by month, or by year, and kind."""
    sums: dict[tuple[str, str], list[int]] = {}
    estimated = False
    for one in months:
        when = f"{one.month:%Y}" if by_year else f"{one.month:%Y-%m}"
        row = sums.setdefault((when, one.kind), [0, 0, 0])
        for at, number in enumerate((one.claims, one.points * 10, one.own_payment)):
            row[at] += number
        estimated |= one.estimated
    table = Table(title=words("title-costs"), caption=words("costs-estimated") if estimated else None)
    table.add_column(words("year" if by_year else "month"))
    table.add_column(words("claim-kind"))
    for name in ("claims", "cost", "own-payment"):
        table.add_column(words(name), justify="right")
    for (when, kind), (claims, cost, own) in sums.items():
        table.add_row(when, words(f"claim-{kind}"), str(claims), f"{cost:,}", f"{own:,}")
    table.add_section()
    total = [sum(row[at] for row in sums.values()) for at in range(3)]
    table.add_row(words("total"), "", str(total[0]), f"{total[1]:,}", f"{total[2]:,}")
    return table


def medicines_table(found: Iterable[Medicine], words: Words) -> Table:
    """Return drugs by month."""
    table = Table(words("month"), words("medicine"), title=words("title-medicines"))
    table.add_column(words("amount"), justify="right")
    table.add_column(words("unit"))
    table.add_column(words("institution"))
    for one in found:
        amount = "" if one.amount is None else f"{one.amount.normalize():f}"
        table.add_row(f"{one.month:%Y-%m}", Text(one.name), amount, Text(one.unit), Text(one.institution or ""))
    return table


def savings_table(found: Iterable[Saving], words: Words) -> Table:
    """Return what generics would have saved."""
    table = Table(words("month"), words("medicine"), title=words("title-generics"), caption=words("generics-note"))
    table.add_column(words("saving"), justify="right")
    table.add_column(words("generics"))
    for one in found:
        saving = f"{one.most:,}" if one.least == one.most else f"{one.least:,} - {one.most:,}"
        table.add_row(f"{one.month:%Y-%m}", Text(one.name), saving, Text(", ".join(one.generics)))
    return table


def guidance_tables(found: Iterable[GuidanceReport], words: Words) -> Iterable[Table]:
    """Return one table a report."""
    for one in found:
        said = " ".join(filter(None, (words("stage", code=one.stage), words(f"level-{one.level}") if one.level else "")))
        table = Table(title=f"{words('title-guidance')} {one.day.isoformat()} {said}", caption=Text(one.institution.name or ""))
        table.add_column(words("item"))
        table.add_column(words("value"), justify="right")
        table.add_column(words("unit"))
        for result in one.results:
            table.add_row(Text(result.name or result.code), Text(result.label or result.value or ""), Text(result.unit or ""))
        yield table


def support_table(years: Iterable[GuidedYear], words: Words) -> Table:
    """Return what those who guide told, a row a fiscal year; points of those needed."""
    table = Table(words("support-year"), words("support-level"), words("support-step"), title=words("title-support"))
    table.add_column(words("support-points"), justify="right")
    table.add_column(words("support-done"))
    for one in years:
        level = getattr(LEVELS[one.level], words.language) if one.level else ""
        points = "" if one.points is None else f"{one.points} / {one.needed}"
        done = "\n".join(f"{getattr(SUPPORT[said.kind], words.language)} × {said.times}" for said in one.done)
        table.add_row(str(one.fiscal_year), level, getattr(STEPS[one.step], words.language), points, Text(done))
    return table


def screenings_table(years: Iterable[ScreenedYear], words: Words) -> Table:
    """Return which screenings the insurer knows of, a row a fiscal year."""
    table = Table(words("support-year"), words("screened"), title=words("title-screenings"), caption=words("screenings-note"))
    for one in years:
        table.add_row(str(one.fiscal_year), "\n".join(getattr(SCREENINGS[kind], words.language) for kind in one.kinds))
    return table
