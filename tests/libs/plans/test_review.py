"""The review says what analysis shows, in two languages, on a page that needs and loads nothing."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from analysis import Question
from analysis.engine import Engine
from analysis.funnels import FunnelAsked
from local import chromium
from plans.__main__ import main
from plans.document import LANGUAGES, Language, policy, review_page
from plans.document.charts import ticks
from plans.document.words import words
from plans.errors import FileUnusable, YearUnknown
from plans.files import Text
from plans.plan import Plan
from plans.printing import NoBrowser, NoFont, print_page
from plans.review import Review, review
from plans.scoring import AXES, Reference, read_reference
from pypdf import PdfReader

from .conftest import EXAMPLES

SVG = "svg"


@pytest.fixture(scope="session")
def reviewed(asked: Engine, plan: Plan) -> Review:
    return review(plan, asked, 2025, read_reference(EXAMPLES / "plan.reference.toml"))


def tree(page: str) -> ET.Element:
    """Return the page's elements; it is well-formed XML too."""
    return ET.fromstring(page.removeprefix("<!DOCTYPE html>\n"))


def texts(root: ET.Element) -> str:
    return " ".join(" ".join(root.itertext()).split())


def rows(root: ET.Element) -> Iterator[list[str]]:
    for row in root.iter("tr"):
        yield ["".join(cell.itertext()).strip() for cell in row]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_nothing(reviewed: Review, language: Language) -> None:
    """No script, no address, no style beside the one sheet whose hash the page's own policy names; each chart has its title."""
    page = review_page(reviewed, language)
    root = tree(page)
    names = {name for element in root.iter() for name in element.attrib}
    policies = [one.get("content") for one in root.iter("meta") if one.get("http-equiv") == "Content-Security-Policy"]

    assert not {"script", "link", "img", "iframe", "object", "a"} & {element.tag for element in root.iter()}
    assert not {name for name in names if name.startswith("on")} | {"style", "src", "href"} & names
    assert not re.search(r"https?:|url\(|@import", page)
    assert policies == [policy()]
    assert policy().startswith("default-src 'none'; style-src 'sha256-")
    assert root.get("lang") == language
    assert all(svg.find("title") is not None for svg in root.iter(SVG) if svg.get("role") == "img")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_analysis_shows(asked: Engine, reviewed: Review, language: Language) -> None:
    """Target, actual and verdict of each problem, with snapshot, definitions and what marks mean."""
    root = tree(review_page(reviewed, language))
    smoking = asked.ask(Question("smoking", 2025)).cells[0]
    before = asked.ask(Question("smoking", 2024)).cells[0]
    assert smoking.value is not None
    assert before.value is not None
    expected = {
        "ja": ["喫煙率", "23.0%以下", f"{smoking.value}%", f"+{smoking.value - 23:.1f}pt", "▲ 未達成"],
        "en": ["Smoking", "≤ 23.0%", f"{smoking.value}%", f"+{smoking.value - 23:.1f}pt", "▲ Missed"],
    }
    found = [[*row[:4], row[5]] for row in rows(root) if len(row) == 6 and row[0] == expected[language][0]]
    said = texts(root)

    assert found == [expected[language]]
    assert f"{smoking.value - before.value:+.1f}pt".replace("-", "−") in said
    assert "2026-11" in said
    assert ["smoking", "1"] in [row[1:] for row in rows(root)]
    assert words(language)["reading-hidden"].format(floor=10) in said
    assert all(one.title.in_(language) in said for one in reviewed.plan.programmes)


def test_pyramid_and_funnels(asked: Engine, reviewed: Review) -> None:
    """Levels of guidance are the engine's counts, funnels are the registered ones."""
    table = FunnelAsked("guidance", 2025).told(asked)

    assert [step.people for step in reviewed.pyramid] == [
        asked.ask(Question(f"level-{name}", 2025)).cells[0].counted for name in ("active", "motivational", "information")
    ]
    assert [step.people for step in reviewed.funnels["guidance"]] == [row[table.columns.index("people")] for row in table.rows]


def test_axes(asked: Engine, reviewed: Review) -> None:
    """Five risks, five habits and cost over three years, own beside the reference."""
    cost = reviewed.axes[-1]

    assert [axis.measure for axis in reviewed.axes] == [measure for measure, _, _ in AXES]
    assert [sum(axis.kind == kind for axis in reviewed.axes) for kind in ("risk", "habit", "cost")] == [5, 5, 1]
    assert cost.own[2025].value == asked.ask(Question("cost-per-month", 2025)).cells[0].value
    assert cost.reference == {2023: 14900, 2024: 15300, 2025: 15800}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_hidden_is_a_mark(asked: Engine, plan: Plan, language: Language) -> None:
    """Of a workplace that is too small there is a mark in every place, no number, and no verdict."""
    rare = plan.problems[2].indicator.model_copy(update={"where": {"workplace": "kiosk"}})
    problem = plan.problems[2].model_copy(update={"indicator": rare})
    page = review_page(review(plan.model_copy(update={"problems": (problem,)}), asked, 2025), language)
    row = next(row for row in rows(tree(page)) if "kiosk" in row[0])
    untold = words(language)["standing-untold"]

    assert row[2:] == ["＊", "—", "—", untold]
    assert words(language)["no-reference"] in texts(tree(page))


def test_words_of_a_plan_are_text(asked: Engine, plan: Plan) -> None:
    """What looks like markup in a plan is shown as it stands."""
    title = Text(ja="<script>alert(1)</script>", en="&amp;")
    page = review_page(review(plan.model_copy(update={"title": title}), asked, 2025), "ja")

    assert "<script>" not in page
    assert "<script>alert(1)</script>" in texts(tree(page))


def test_years_outside_of_the_plan(asked: Engine, plan: Plan) -> None:
    """A year of the plan that no snapshot has yet is a page of dashes, another year is refused."""
    page = review_page(review(plan, asked, 2029), "en")
    with pytest.raises(YearUnknown):
        review(plan, asked, 2023)

    assert "▲" not in page
    assert "Cannot be said" in page


def test_references_say_where_they_are_from(tmp_path: Path) -> None:
    """A file of others' values names its source and registered measures alone."""
    text, file = (EXAMPLES / "plan.reference.toml").read_text(encoding="utf-8"), tmp_path / "reference.toml"
    faults = []
    for wrong in (re.sub("source = .*\n", "", text), text.replace("risk-liver", "risk-lever"), text.replace("= 29.5", "= -1")):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(FileUnusable) as refused:
            read_reference(file)
        faults += [(fault.field, fault.reason) for fault in refused.value.faults]

    assert faults == [
        ("source", "Field required"),
        ("file", "values are of registered measures alone"),
        ("values.2023.risk-obesity", "Input should be greater than or equal to 0"),
    ]


def test_every_word_is_said() -> None:
    """Each text stands in both languages; steps of an axis are round and hold the values."""
    assert all(words("ja")[key] and words("en")[key] for key in words("ja"))
    assert ticks([61.8, 70.0]) == [60, 62.5, 65, 67.5, 70, 72.5]
    assert ticks([0, 0])[0] == 0


def test_the_command(asked: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints to PDF what the page says."""
    chromium.ensure()
    plan, output = Path(shutil.copy(EXAMPLES / "plan.toml", tmp_path)), tmp_path / "review.pdf"
    shelf = ["--shelf", str(asked.snapshot.folder.parent), "--reference", str(EXAMPLES / "plan.reference.toml")]
    done = main(["review", str(plan), *shelf, "--year", "2025", "-o", str(output)])
    pages = [page.extract_text() for page in PdfReader(output).pages]
    value = asked.ask(Question("smoking", 2025)).cells[0].value

    assert (done, capsys.readouterr().out) == (0, f"{output}\n")
    assert f"{value}%" in pages[0]
    assert "特定保健指導" in "".join(pages)
    assert len(pages) <= 8


def test_no_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Chromium it says how to print."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoBrowser, match="print it"):
        print_page("<p>-</p>", tmp_path / "page.pdf")


def test_no_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no font has Japanese nothing is printed that nobody could read; other pages are."""
    programs = {"chromium": 'for one in "$@"; do case $one in --print-to-pdf=*) : > "${one#*=}";; esac; done', "fc-list": ""}
    for name, does in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    print_page("<p>A to Z</p>", tmp_path / "page.pdf")
    with pytest.raises(NoFont, match="install one"):
        print_page("<p>健診</p>", tmp_path / "other.pdf")

    assert [path.name for path in tmp_path.glob("*.pdf")] == ["page.pdf"]


def test_the_example_is_a_reference() -> None:
    """The example of the repository is one, and says that it is invented."""
    found: Reference = read_reference(EXAMPLES / "plan.reference.toml")

    assert "invented" in found.source.en.lower()
