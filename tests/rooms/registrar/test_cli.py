"""The command: help, a home, a dry run, errors in a sentence."""

from datetime import date
from pathlib import Path

import pytest
import typer
from protocol.encoding import unb64u
from protocol.messages.mailbox import Attributes
from registrar.cli import app
from registrar.home import Home
from registrar.report import ImportSummary, Line, Place, ahead, keep_lines
from registrar.terminal import run
from rooms.registrar.formats import Checkup, write_own, write_profile
from rooms.registrar.paperwork import Paperwork, member, paperwork, row, write_table
from rooms.registrar.receipts import LINES, PERSON, changed, write
from typer.testing import CliRunner

runner = CliRunner()
GROUPS = [
    [group, command]
    for group, commands in {
        "letters": ("print", "list", "withdraw"),
        "events": ("due", "run", "split"),
        "wishes": ("list", "show", "accept", "reject"),
    }.items()
    for command in commands
]


def command(papers: Paperwork, *arguments: str) -> list[str]:
    path = papers.home.parent / "deployment.json"
    path.write_text(papers.deployment.model_dump_json(), encoding="utf-8")
    return [*arguments, "--home", str(papers.home), "--deployment", str(path)]


COMMANDS = (
    "",
    "import",
    "window",
    "window open",
    "window request",
    "window list",
    "window close",
    "officers",
    "officers list",
    "officers propose",
    "officers publish",
    "init",
    "status",
)


@pytest.mark.parametrize("arguments", [command.split() for command in COMMANDS])
def test_every_command_has_help(arguments: list[str]) -> None:
    """--help ends well and says something."""
    result = runner.invoke(app, [*arguments, "--help"])

    assert (result.exit_code, "Usage" in result.output) == (0, True)


def test_init_prints_the_insurer_key(tmp_path: Path) -> None:
    """The last line is the public key that goes into the deployment's file, the same each time."""
    results = [runner.invoke(app, ["init", "--home", str(tmp_path / "home")]) for _ in range(2)]
    keys = [result.output.strip().splitlines()[-1] for result in results]

    assert (len(unb64u(keys[0])), keys[0] == keys[1]) == (1216, True)


def test_a_dry_run_writes_and_calls_nothing(tmp_path: Path) -> None:
    """It counts, and the roster is as empty as before."""
    papers = paperwork(tmp_path)
    table = write_table(tmp_path / "eligibility.csv", [row(1), row(2), row(3, email="nobody")])
    before = (papers.home / "roster.sqlite").read_bytes()
    result = runner.invoke(app, command(papers, "import", str(table), "--dry-run"))

    assert (result.exit_code, (papers.home / "roster.sqlite").read_bytes() == before) == (0, True)
    assert "members enrolled │ 2" in " ".join(result.output.split())
    assert "email-bad" in result.output


def test_a_dry_run_of_receipts(tmp_path: Path) -> None:
    """A dry run counts them, says which lines are wrong and whose are not there, and shows nobody."""
    papers = paperwork(tmp_path)
    path = write(tmp_path, changed((5, 1, "x")))
    result = runner.invoke(app, command(papers, "import", str(path), "--dry-run"))
    rows = [[cell.strip() for cell in line.split("│")[1:3]] for line in result.output.splitlines()]

    assert (result.exit_code, [word for word in PERSON if word in result.output]) == (0, [])
    assert [one for one in rows if one and one[0].startswith("receipt")] == [
        ["receipts read", "1"],
        ["receipt-item-bad", "1"],
    ]
    assert [one for one in rows if one and one[0].startswith("not-enrolled")] == [["not-enrolled", "1"]]


def test_receipts_of_nobody_call_no_host(tmp_path: Path) -> None:
    """Where nobody of a file is a member, no host is called, and the report says so in a line that is no mere note."""
    papers = paperwork(tmp_path)
    path = write(tmp_path, LINES)
    result = runner.invoke(app, command(papers, "import", str(path)))
    lines = (papers.home / "rejected.csv").read_text(encoding="utf-8").splitlines()

    assert (result.exit_code, [line.split(",")[:3] for line in lines[1:]]) == (0, [["1:receipts", "2", "not-enrolled"]])
    assert "receipts read" in result.output


def test_a_profile_is_an_option(tmp_path: Path) -> None:
    """A table that only a profile explains is read with it; without, or with a file that is none, a sentence says so."""
    papers = paperwork(tmp_path)
    table, wrong = write_own(tmp_path / "own.csv", Checkup()), write_profile(tmp_path / "wrong.toml", 'colour = "red"')
    profile = write_profile(tmp_path / "profile.toml")
    results = [
        runner.invoke(app, command(papers, "import", str(table), "--dry-run", *more))
        for more in ([], ["--profile", str(profile)], ["--profile", str(wrong)])
    ]
    said = [" ".join(result.output.split()) for result in results]

    assert [result.exit_code for result in results] == [0, 0, 1]
    assert ["format-unknown" in said[0], "not-enrolled" in said[1], "is no profile" in said[2]] == [True, True, True]


def test_nothing_personal_is_printed(tmp_path: Path) -> None:
    """Names, numbers and addresses of rows stay out of the terminal, also for rejected rows."""
    papers = paperwork(tmp_path)
    table = write_table(tmp_path / "eligibility.csv", [row(424242), row(2, email="not an address", work_id="W777777")])
    result = runner.invoke(app, command(papers, "import", str(table), "--dry-run"))
    words = ["424242", "W777777", "not an address", "架空谷", "カクウダニ", "1980"]

    assert (result.exit_code, [word for word in words if word in result.output]) == (0, [])


def test_what_is_due_is_counted(tmp_path: Path) -> None:
    """By kind and since when; member numbers only when asked for, and nothing else of anybody."""
    papers = paperwork(tmp_path)
    roster = Home.load(papers.home).roster()
    roster.put(
        [member(424242, status="enrolled", group="other", lost=date(2020, 4, 1)), member(7, status="enrolled", group="other")]
    )
    roster.close()
    said = [runner.invoke(app, ["events", "due", "--home", str(papers.home), *more]).output for more in ([], ["--numbers"])]
    shown = runner.invoke(app, ["status", "--home", str(papers.home)]).output

    assert ("erasure" in said[0], "2025-04-01" in said[0], "424242" in said[0]) == (True, True, False)
    assert "erasure 2025-04-01 101:424242:00" in said[1]
    rows = [[cell.strip() for cell in line.split("│")[1:3]] for line in shown.splitlines()]
    assert [one for one in rows if one[:1] in (["members left"], ["due: erasure"])] == [
        ["members left", "1"],
        ["due: erasure", "1"],
    ]


def test_letters_need_a_sender(tmp_path: Path) -> None:
    """Which file, and what belongs into it."""
    papers = paperwork(tmp_path)
    table = write_table(tmp_path / "eligibility.csv", [row(1)])
    arguments = ["letters", "print", "-o", str(tmp_path / "out.pdf"), "--from", str(table), "--everyone-without-a-way-in"]
    result = runner.invoke(app, command(papers, *arguments))

    # A long path is broken anywhere.
    assert (result.exit_code, "sender.tomlisneededforletters" in "".join(result.output.split())) == (1, True)


def test_what_an_import_leaves_to_do() -> None:
    """Letters and events, each with the command that does it; nothing when there is nothing."""
    said = ahead(ImportSummary(without_a_way_in=3, events_due=2))

    assert [sentence.split()[0] for sentence in said] == ["3", "2"]
    assert ("letters print --everyone-without-a-way-in" in said[0], "events run" in said[1], ahead(ImportSummary())) == (
        True,
        True,
        [],
    )


def test_a_wrong_home_is_a_sentence(tmp_path: Path) -> None:
    """No traceback: which folder, and what to do."""
    result = runner.invoke(app, ["status", "--home", str(tmp_path / "nowhere")])

    assert (result.exit_code, "is no registrar's home" in " ".join(result.output.split()), "Traceback" in result.output) == (
        1,
        True,
        False,
    )


def test_a_home_of_another_deployment_is_a_sentence(tmp_path: Path) -> None:
    """Split seals made with another insurer's key could never be opened."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    papers, other = paperwork(tmp_path / "one"), paperwork(tmp_path / "two")
    table = write_table(tmp_path / "eligibility.csv", [row(1)])
    arguments = command(papers, "import", str(table))
    arguments[arguments.index("--home") + 1] = str(other.home)
    result = runner.invoke(app, arguments)

    assert (result.exit_code, "wrong --home or --deployment" in " ".join(result.output.split())) == (1, True)


def test_without_a_window_the_import_says_so(tmp_path: Path) -> None:
    """The sentence names both ways to get one."""
    papers = paperwork(tmp_path)
    table = write_table(tmp_path / "eligibility.csv", [row(1)])
    result = runner.invoke(app, command(papers, "import", str(table)))
    said = " ".join(result.output.split())

    assert (result.exit_code, "no window for enrol is open" in said, "give --officer FILE twice" in said) == (1, True, True)


def test_status_counts(tmp_path: Path) -> None:
    """An empty home has nothing of anything."""
    papers = paperwork(tmp_path)
    result = runner.invoke(app, ["status", "--home", str(papers.home)])

    said = [[cell.strip() for cell in line.split("│")[1:3]] for line in result.output.splitlines()]

    assert (result.exit_code, ["members enrolled", "0"] in said) == (0, True)


def test_a_value_that_no_host_takes_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever value gets as far as a message that refuses it is not repeated on the terminal."""
    with pytest.raises(typer.Exit):
        run(lambda: Attributes(sex="male", birth_year=1234, relation="insured", group="other"))
    printed = "".join(capsys.readouterr())

    assert ("error: a value does not fit" in printed, "1234" in printed, "birth_year" in printed) == (True, False, False)


def test_a_report_is_of_the_last_import(tmp_path: Path) -> None:
    """Nothing rejected leaves no report of an earlier import; an import that ended early takes none away."""
    path, lines = tmp_path / "rejected.csv", [Line.of(Place("1:eligibility", 2), "verifier-taken")]
    kept = []
    for summary, ended in ((ImportSummary(lines=lines), True), (ImportSummary(), False), (ImportSummary(), True)):
        keep_lines(path, summary, ended=ended)
        kept.append(path.exists())

    assert kept == [True, True, False]


def test_an_import_that_ends_early_leaves_its_report(tmp_path: Path) -> None:
    """What was rejected until a refusal stands in the report; a report of another import is gone."""
    papers = paperwork(tmp_path)
    table = write_table(tmp_path / "eligibility.csv", [row(1), row(2, email="nobody")])
    (papers.home / "rejected.csv").write_text("of another import", encoding="utf-8")
    result = runner.invoke(app, command(papers, "import", str(table)))
    codes = [line.split(",")[2] for line in (papers.home / "rejected.csv").read_text(encoding="utf-8").splitlines()]

    assert (result.exit_code, codes) == (1, ["code", "email-bad"])
