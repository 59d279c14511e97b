"""The report for an employer: one workplace, four pages at most."""

from analysis import EMPLOYER, measures

from plans.document.compared import compared
from plans.document.markup import Markup, tag
from plans.document.shell import document, reading, versions
from plans.document.words import Language, title_of, words, year_of
from plans.files import Text
from plans.workplaces import WorkplaceReport


def workplace_page(report: WorkplaceReport, insurer: Text, language: Language) -> str:
    """Write the report."""
    said = words(language)
    reference = report.reference
    others = said["insurer-whole"] if reference is None else reference.title.in_(language)
    names = {"own": said["own-workplace"], "others": others}
    title = f"{said['workplace-report']} {report.workplace} {year_of(report.year, language)}"
    return document(
        title,
        language,
        _head(report, insurer, language),
        tag("h2", f"{said['scoring']} {year_of(report.year, language)}"),
        "" if reference is None else tag("p", f"{said['source']}: {reference.source.in_(language)}", class_="reading source"),
        compared(report.axes, report.year, language, names),
        reading(language, EMPLOYER.floor, "reading-employer"),
        versions(report.versions, language, {name: title_of(name, language) for name in measures()}),
    )


def _head(report: WorkplaceReport, insurer: Text, language: Language) -> Markup:
    said = words(language)
    facts = (
        f"{said['workplace']}: {report.workplace}",
        f"{said['headcount']}: {said['headcount-of'].format(people=f'{report.people:,}')}",
        f"{said['snapshot']}: {said['snapshot-of'].format(month=report.snapshot)}",
    )
    return tag(
        "header",
        tag("p", insurer.in_(language)),
        tag("h1", said["workplace-report"], tag("br"), year_of(report.year, language)),
        tag("div", [tag("span", fact) for fact in facts], class_="facts"),
    )
