"""The yearly review of a plan."""

from collections.abc import Mapping

from analysis import ANALYST, measures
from analysis.funnels import funnels
from analysis.tables import notes

from plans.actuals import standing
from plans.document.charts import Tier, tiers, trend
from plans.document.compared import compared
from plans.document.markup import Markup, joined, tag
from plans.document.programmes import figures, programme, verdict
from plans.document.shell import document, reading, shown, table, versions
from plans.document.words import Language, amount, title_of, words, year_of
from plans.plan import Measured, Problem
from plans.recorded import Key
from plans.review import LEVELS, Review, Step


def review_page(review: Review, language: Language) -> str:
    """Write the document."""
    said, plan = words(language), review.plan
    title = f"{plan.title.in_(language)} {year_of(review.year, language)} {said['review']}"
    return document(
        title,
        language,
        _head(review, language),
        _glance(review, language),
        [_problem(review, problem, language) for problem in plan.problems],
        _guidance(review, language),
        _scoring(review, language),
        reading(language, ANALYST.floor, "reading-redefined"),
        versions(review.versions, language, {name: title_of(name, language) for name in measures()}),
    )


def _head(review: Review, language: Language) -> Markup:
    said, plan = words(language), review.plan
    facts = (
        f"{said['plan-years']}: {plan.first_year}–{plan.last_year}",
        f"{said['plan-version']}: {plan.version}",
        f"{said['snapshot']}: {said['snapshot-of'].format(month=review.snapshot)}",
    )
    return tag(
        "header",
        tag("p", plan.insurer.in_(language)),
        tag("h1", plan.title.in_(language), tag("br"), f"{year_of(review.year, language)} {said['review']}"),
        tag("div", [tag("span", fact) for fact in facts], class_="facts"),
    )


def _glance(review: Review, language: Language) -> Markup:
    said = words(language)
    rows = []
    for problem in review.plan.problems:
        measured: list[tuple[Key, Measured]] = [((problem.id, "indicator"), problem.indicator)]
        measured += [((one.id, "outcome"), one.outcome) for one in problem.programmes]
        for key, indicator in measured:
            actuals = review.actuals[key]
            rows.append(
                tag(
                    "tr",
                    tag("th", title_of(indicator.measure, language, indicator.where), scope="row"),
                    figures(indicator, actuals, review.year, language),
                    verdict(standing(indicator, review.year, actuals.get(review.year)), language),
                )
            )
    head = ("", said["target"], said["actual"], said["gap"], said["before"], said["verdict"])
    return tag("section", tag("h2", said["glance"]), table(head, rows, numbers=frozenset({1, 2, 3, 4})))


def _problem(review: Review, problem: Problem, language: Language) -> Markup:
    said = words(language)
    key: Key = (problem.id, "indicator")
    indicator = problem.indicator
    title = title_of(indicator.measure, language, indicator.where)
    legend = [tag("span", said["actual"]), tag("span", said["target"], class_="of-target")]
    return tag(
        "section",
        tag("h2", f"{said['problem']}: {problem.title.in_(language)}"),
        tag("p", problem.why.in_(language)),
        tag(
            "figure",
            tag("figcaption", said["trend-of"].format(title=title)),
            tag("div", legend, class_="legend"),
            trend(
                said["trend-of"].format(title=title),
                review.plan.years,
                _values(review, key),
                indicator.target,
                {year: shown(one, language) for year, one in review.until(key).items()},
                lambda value: amount(indicator.measure, value),
            ),
        ),
        [programme(review, one, language) for one in problem.programmes],
    )


def _values(review: Review, key: Key) -> dict[int, float | None]:
    return {year: one.value for year, one in review.until(key).items() if year in review.plan.years}


def _guidance(review: Review, language: Language) -> Markup:
    said = words(language)
    levels = [_tier(said[name], step, said) for name, step in zip(LEVELS, review.pyramid, strict=True)]
    charts = [(said["pyramid"], levels)]
    charts += [
        (funnels()[name].title[language], [_tier(step.title[language], step, said) for step in steps])
        for name, steps in review.funnels.items()
    ]
    return tag(
        "section",
        tag("h2", f"{said['guidance']} {year_of(review.year, language)}"),
        tag("div", [tag("figure", tag("h3", title), tiers(title, rows)) for title, rows in charts], class_="pair"),
        tag("p", notes()["several-steps"][language], class_="reading"),
    )


def _tier(label: str, step: Step, said: Mapping[str, str]) -> Tier:
    if step.people is None:
        return Tier(label, None, said["mark-hidden"])
    share = "" if step.share is None else f" ({step.share:.1f}%)"
    return Tier(label, step.people, f"{step.people:,} {said['people']}{share}")


def _scoring(review: Review, language: Language) -> Markup:
    said, reference = words(language), review.reference
    names = {"own": said["own"], "others": said["others"] if reference is None else reference.title.in_(language)}
    source = said["no-reference"] if reference is None else f"{said['source']}: {reference.source.in_(language)}"
    return joined(
        tag("h2", f"{said['scoring']} {year_of(review.year, language)}"),
        tag("p", source, class_="reading source"),
        compared(review.axes, review.year, language, names),
    )
