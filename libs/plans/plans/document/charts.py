"""Charts as SVG without style or script: classes are coloured by the document's own sheet, every number is written too."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from plans.document.markup import Markup, joined, tag

Write = Callable[[float], str]
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places on paper."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> str:
        """Return a value's place."""
        return f"{self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start):.1f}"


@dataclass(frozen=True, slots=True)
class Bar:
    """An own value beside another's, either of which may be missing; `mark` stands where the own one is not shown."""

    label: str
    own: float | None
    other: float | None
    mark: str


@dataclass(frozen=True, slots=True)
class Tier:
    """A number of people, and the words beside it."""

    label: str
    people: int | None
    words: str


def trend(
    title: str,
    years: Sequence[int],
    own: Mapping[int, float | None],
    target: Mapping[int, float],
    marks: Mapping[int, str],
    write: Write,
) -> Markup:
    """Draw values by year with the line of targets; a value that is not shown is its mark."""
    known = {year: value for year, value in own.items() if value is not None}
    steps = ticks([*known.values(), *target.values()] or [0, 1])
    across = Scale(years[0] - 0.35, years[-1] + 0.35, 58, 640)
    up = Scale(steps[0], steps[-1], 140, 16)
    grid = [
        joined(
            tag("line", x1=58, x2=640, y1=up.at(step), y2=up.at(step), class_="grid"),
            tag("text", write(step), x=52, y=up.at(step), dy=4, text_anchor="end", class_="tick"),
        )
        for step in steps
    ]
    labels = [tag("text", str(year), x=across.at(year), y=160, text_anchor="middle", class_="tick") for year in years]
    hidden = [
        tag("text", marks[year], x=across.at(year), y=136, text_anchor="middle", class_="mark")
        for year, value in own.items()
        if value is None and year in marks
    ]
    points = [_point(across.at(year), up.at(value), write(value), over=_over(year, value, target)) for year, value in known.items()]
    return _svg(
        title,
        660,
        168,
        grid,
        labels,
        _line(sorted(target.items()), across, up, "target"),
        [tag("circle", cx=across.at(year), cy=up.at(value), r=2.5, class_="target-dot") for year, value in sorted(target.items())],
        [_line(pair, across, up, "own") for pair in pairwise(sorted(known.items())) if pair[1][0] - pair[0][0] == 1],
        points,
        hidden,
    )


def _over(year: int, value: float, target: Mapping[int, float]) -> bool:
    return value >= target.get(year, value)


def _point(x: str, y: str, written: str, *, over: bool) -> Markup:
    return joined(
        tag("circle", cx=x, cy=y, r=4, class_="own-dot"),
        tag("text", written, x=x, y=y, dy=-9 if over else 18, text_anchor="middle", class_="value"),
    )


def _line(points: Iterable[tuple[int, float]], across: Scale, up: Scale, kind: str) -> Markup:
    return tag("polyline", points=" ".join(f"{across.at(x)},{up.at(y)}" for x, y in points), class_=f"line {kind}")


def bars(title: str, rows: Sequence[Bar], write: Write) -> Markup:
    """Draw own values above the others'."""
    highest = max([value for row in rows for value in (row.own, row.other) if value is not None], default=1) or 1
    along = Scale(0, highest, 0, 330)
    return _svg(title, 660, 40 * len(rows) + 4, [_bar(row, 40 * at, along, write) for at, row in enumerate(rows)])


def _bar(row: Bar, top: int, along: Scale, write: Write) -> Markup:
    own, other = row.own, row.other
    return joined(
        tag("text", row.label, x=232, y=top + 22, text_anchor="end", class_="label"),
        _rectangle(240, top + 6, along, own, 14, "own-bar"),
        tag("text", row.mark if own is None else write(own), x=246 + float(along.at(own or 0)), y=top + 18, class_="value"),
        _rectangle(240, top + 22, along, other, 9, "other-bar"),
        "" if other is None else tag("text", write(other), x=246 + float(along.at(other)), y=top + 31, class_="tick"),
    )


def _rectangle(x: int, y: int, along: Scale, value: float | None, height: int, kind: str) -> Markup:
    return Markup() if value is None else tag("rect", x=x, y=y, width=along.at(value), height=height, rx=2, class_=kind)


def tiers(title: str, rows: Sequence[Tier]) -> Markup:
    """Draw numbers of people as centred tiers: a pyramid where they grow downwards, a funnel where they shrink."""
    most = max([row.people for row in rows if row.people is not None], default=1) or 1
    return _svg(title, 330, 52 * len(rows) + 2, [_tier(row, 52 * at, most, at) for at, row in enumerate(rows)])


def _tier(row: Tier, top: int, most: int, at: int) -> Markup:
    width = 0 if row.people is None else max(2, round(320 * row.people / most))
    return joined(
        tag("rect", x=165 - width / 2, y=top + 18, width=width, height=28, rx=2, class_=f"tier tier-{min(at, 2)}") if width else "",
        tag("text", f"{row.label}  {row.words}", x=165, y=top + 12, text_anchor="middle", class_="label"),
    )


def sparkline(values: Sequence[float | None]) -> Markup:
    """Draw a few years in the height of a line."""
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    if not known:
        return Markup()
    low, high = min(value for _, value in known), max(value for _, value in known)
    across, up = Scale(0, max(1, len(values) - 1), 4, 52), Scale(low, high if high > low else low + 1, 14, 4)
    lines = [_line(pair, across, up, "own") for pair in pairwise(known) if pair[1][0] - pair[0][0] == 1]
    last = tag("circle", cx=across.at(known[-1][0]), cy=up.at(known[-1][1]), r=2.5, class_="own-dot")
    return tag("svg", lines, last, viewBox="0 0 56 18", class_="spark", aria_hidden="true")


def ticks(values: Sequence[float]) -> list[float]:
    """Return round steps around the values, three to six."""
    low, high = min(values), max(values)
    spread = (high - low) or max(abs(high), 1) / 2
    unit = 10 ** floor(log10(spread / 3))
    step = next(one * unit for one in _STEPS if spread / (one * unit) <= 4)
    first, last = floor((low - 0.15 * spread) / step), ceil((high + 0.15 * spread) / step)
    return [at * step for at in range(max(first, 0) if low >= 0 else first, last + 1)]


def _svg(title: str, width: int, height: int, *children: Iterable[Markup] | Markup) -> Markup:
    return tag("svg", tag("title", title), *children, viewBox=f"0 0 {width} {height}", role="img", aria_label=title)
