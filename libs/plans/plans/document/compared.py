"""Own values beside a reference's, by axis and over three years."""

from collections.abc import Mapping

from plans.actuals import Actual
from plans.document.charts import Bar, bars, sparkline
from plans.document.markup import Markup, joined, tag
from plans.document.shell import shown, table
from plans.document.words import Language, amount, difference, words, year_of
from plans.scoring import Axis, Kind, years_until

_KINDS: tuple[Kind, ...] = ("risk", "habit", "cost")


def compared(axes: tuple[Axis, ...], year: int, language: Language, names: Mapping[str, str]) -> Markup:
    """Draw and list every axis; `names` says what own and others are called."""
    return joined(*(_kind([axis for axis in axes if axis.kind == kind], kind, year, language, names) for kind in _KINDS))


def _kind(axes: list[Axis], kind: Kind, year: int, language: Language, names: Mapping[str, str]) -> Markup:
    said = words(language)
    rows = [_bar(axis, year, language) for axis in axes]
    legend = [tag("span", names["own"])]
    if any(axis.reference for axis in axes):
        legend.append(tag("span", names["others"], class_="of-others"))
    chart = bars(f"{said[kind]} {year_of(year, language)}", rows, lambda value: amount(axes[0].measure, value))
    figure = tag("figure", tag("div", legend, class_="legend"), chart)
    return tag("section", tag("h3", said[kind]), figure, _table(axes, year, language, names))


def _bar(axis: Axis, year: int, language: Language) -> Bar:
    own = axis.own.get(year)
    return Bar(words(language)[f"axis-{axis.measure}"], value_of(own), axis.reference.get(year), shown(own, language))


def value_of(actual: Actual | None) -> float | None:
    """Return a value where it is shown."""
    return None if actual is None else actual.value


def _table(axes: list[Axis], year: int, language: Language, names: Mapping[str, str]) -> Markup:
    said, years = words(language), years_until(year)
    head = (said["axis"], *(year_of(one, language) for one in years), "", names["others"], said["gap-others"])
    return table(head, [_row(axis, year, language) for axis in axes], numbers=frozenset({1, 2, 3, 5, 6}))


def _row(axis: Axis, year: int, language: Language) -> Markup:
    said, years = words(language), years_until(year)
    own, other = axis.own.get(year), axis.reference.get(year)
    gap = None if own is None or own.value is None or other is None else own.value - other
    kind = None if not gap else "good" if (gap < 0) == (axis.better == "lower") else "bad"
    return tag(
        "tr",
        tag(
            "th",
            words(language)[f"axis-{axis.measure}"],
            " ",
            tag("span", said[f"{axis.better}-is-better"], class_="hint"),
            scope="row",
        ),
        [tag("td", shown(axis.own.get(one), language), class_="number") for one in years],
        tag("td", sparkline([value_of(axis.own.get(one)) for one in years])),
        tag("td", said["mark-none"] if other is None else amount(axis.measure, other), class_="number"),
        tag(
            "td",
            said["mark-none"] if gap is None else difference(axis.measure, gap),
            class_=f"number {kind}" if kind else "number",
        ),
    )
