"""A programme's card: its four sides, what they came to, and the decision."""

from collections.abc import Mapping

from plans.actuals import Actual, Standing, standing
from plans.document.markup import Markup, tag
from plans.document.shell import shown, table
from plans.document.words import Language, amount, difference, title_of, words, year_of
from plans.plan import Measured, Programme, Said
from plans.recorded import Side
from plans.review import Review

_SIGNS: Mapping[Standing, str] = {"reached": "● ", "missed": "▲ ", "untold": "", "redefined": "", "untargeted": ""}
_COLOURS: Mapping[Standing, str] = {"reached": "verdict good", "missed": "verdict bad"}
_STATES: Mapping[str, tuple[str, str]] = {"yes": ("● ", "verdict good"), "partly": ("◐ ", "verdict"), "no": ("▲ ", "verdict bad")}


def programme(review: Review, one: Programme, language: Language) -> Markup:
    """Draw the card of one programme."""
    said = words(language)
    head = (said["side"], "", said["target"], said["actual"], said["verdict"])
    rows = [
        _told("structure", one.structure, review.year, language),
        _told("process", one.process, review.year, language),
        _measured("output", one.output, review, one.id, language),
        _measured("outcome", one.outcome, review, one.id, language),
    ]
    return tag(
        "div",
        tag("h3", one.title.in_(language)),
        tag("p", f"{said['owner']}: {one.owner.in_(language)}", class_="owner"),
        table(head, rows),
        _decision(one, review.year, language),
        class_="programme",
    )


def _told(side: str, one: Said, year: int, language: Language) -> Markup:
    said, state = words(language), one.state.get(year, "none")
    sign, colour = _STATES.get(state, ("", "verdict"))
    return tag(
        "tr",
        tag("th", said[side], scope="row"),
        tag("td", one.title.in_(language)),
        tag("td", one.target.in_(language)),
        tag("td", said["mark-none"]),
        tag("td", sign, said[f"state-{state}"], class_=colour),
    )


def _measured(side: Side, one: Measured, review: Review, of: str, language: Language) -> Markup:
    said = words(language)
    actual = review.actuals[of, side].get(review.year)
    target = one.target.get(review.year)
    return tag(
        "tr",
        tag("th", said[side], scope="row"),
        tag("td", title_of(one.measure, language, one.where)),
        tag("td", said["mark-none"] if target is None else aim(one, target, language)),
        tag("td", shown(actual, language)),
        verdict(standing(one, review.year, actual), language),
    )


def figures(one: Measured, actuals: Mapping[int, Actual], year: int, language: Language) -> list[Markup]:
    """Return the cells of target, actual, difference to the target and to the year before."""
    said, target, now, before = words(language), one.target.get(year), actuals.get(year), actuals.get(year - 1)
    limits = (target, None if before is None or (now is not None and before.version != now.version) else before.value)
    gaps = [None if limit is None or now is None or now.value is None else now.value - limit for limit in limits]
    texts = [
        said["mark-none"] if target is None else aim(one, target, language),
        shown(now, language),
        *(said["mark-none"] if gap is None else difference(one.measure, gap) for gap in gaps),
    ]
    return [tag("td", text, class_="number") for text in texts]


def aim(one: Measured, target: float, language: Language) -> str:
    """Write a target with the side from which it is reached."""
    return words(language)[f"aim-{one.better}"].format(value=amount(one.measure, target))


def verdict(found: Standing, language: Language) -> Markup:
    """Return the cell of a standing: in words, so that colour says nothing alone."""
    return tag("td", _SIGNS[found], words(language)[f"standing-{found}"], class_=_COLOURS.get(found, "verdict"))


def _decision(one: Programme, year: int, language: Language) -> Markup:
    said, decided = words(language), one.decision.get(year)
    label = tag("b", f"{said['decision']} {year_of(year, language)}")
    if decided is None:
        return tag("p", label, said["undecided"], class_="decision")
    return tag("p", label, tag("b", said[f"act-{decided.act}"]), decided.why.in_(language), class_="decision")
