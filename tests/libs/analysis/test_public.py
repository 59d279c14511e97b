"""Tables for the public: counted so that one person is in one number, paid for before noise is drawn, and drawn once."""

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from secrets import randbelow

import pyarrow.parquet as pq
import pytest
from analysis import MemberYear, SnapshotUnusable
from analysis.__main__ import main
from analysis.engine import Engine
from analysis.public.errors import LedgerUnusable, NotReleased
from analysis.public.ledger import turn
from analysis.public.noise import Drawn
from analysis.public.releases import release
from analysis.public.tables import epsilon_of, named, public_tables
from hypothesis import given
from hypothesis import strategies as st

from .worlds import engine

SMOKING = named("smoking-by-sex-and-age")
YEAR = 2025
EPSILONS = st.decimals(Decimal("0.000001"), Decimal(3), places=6)
SPENDER = """
import sys
from decimal import Decimal
from pathlib import Path
from analysis.public.errors import NotReleased
from analysis.public.ledger import turn
folder, name = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
for number in range(40):
    try:
        with turn(folder) as mine:
            mine.spend(2025, Decimal("0.1"), {"release": f"{name}-{number}"})
    except NotReleased:
        continue
    print(f"{name}-{number}", flush=True)
"""


def exactly(counts: Sequence[int], _epsilon: Decimal) -> Drawn:
    """Return the counts as they are: for tests alone."""
    return Drawn(tuple(counts), 0, "none")


def noisy(counts: Sequence[int], _epsilon: Decimal) -> Drawn:
    """Return other counts each time: some noise or other."""
    return Drawn(tuple(one + randbelow(1_000_000) for one in counts), 1, "some")


def ledger(folder: Path, epsilon: str = "2") -> Path:
    with turn(folder) as mine:
        mine.register(YEAR, Decimal(epsilon))
    return folder


def spent(folder: Path) -> Decimal:
    with turn(folder) as mine:
        return mine.spent(YEAR)


def rows(file: Path) -> list[list[str]]:
    return [line.split(",") for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def test_one_person_is_in_one_number(asked: Engine, tmp_path: Path) -> None:
    """Whoever answered is counted or not counted in one cell, once; cells of nobody are there too, and no sum beside them."""
    found = rows(release(SMOKING, YEAR, asked.snapshot, ledger(tmp_path), exactly))
    people = pq.read_table(asked.snapshot.member_years).to_pylist()
    expected = Counter(
        (one["sex"] or "unknown", one["age_band"] or "unknown", one["smoking"])
        for one in people
        if one["fiscal_year"] == YEAR and one["smoking"] is not None
    )

    assert found[0] == ["age:band", "sex:sex", "counted", "not_counted"]
    assert len(found) - 1 == (2 + 1) * (9 + 1)
    for age, sex, counted, others in found[1:]:
        assert (int(counted), int(others)) == (expected.pop((sex, age, "yes"), 0), expected.pop((sex, age, "no"), 0))
    assert not expected


def test_whoever_is_in_a_year_twice_is_in_no_table(tmp_path: Path) -> None:
    """What bounds one person's part is looked at, and not taken for granted; nothing is spent."""
    people = [MemberYear(bytes([n]), YEAR, 45, "male", "insured", "mill", {"smoking": "no"}) for n in range(20)]
    twice = engine([*people, people[3]], tmp_path / "shelf").snapshot
    folder = ledger(tmp_path / "ledger")
    with pytest.raises(SnapshotUnusable, match="twice"):
        release(SMOKING, YEAR, twice, folder, noisy)

    assert spent(folder) == 0


def test_the_same_release_is_the_same_file(asked: Engine, tmp_path: Path) -> None:
    """The second time it costs nothing and says the same to the byte; another version, year or table is another release."""
    folder = ledger(tmp_path)
    first = release(SMOKING, YEAR, asked.snapshot, folder, noisy)
    content = first.read_bytes()
    again = release(SMOKING, YEAR, asked.snapshot, folder, noisy)
    once = spent(folder)
    other = release(replace(SMOKING, version=2), YEAR, asked.snapshot, folder, noisy)

    assert (again, again.read_bytes(), once) == (first, content, Decimal("0.5"))
    assert other != first
    assert spent(folder) == Decimal("1.0")
    with pytest.raises(NotReleased, match="fiscal year 2024 has no budget"):
        release(SMOKING, 2024, asked.snapshot, folder, noisy)


def test_a_lost_file_costs_again(asked: Engine, tmp_path: Path) -> None:
    """Noise that is drawn anew is another answer, so it is paid for."""
    folder = ledger(tmp_path)
    for _ in range(2):
        release(SMOKING, YEAR, asked.snapshot, folder, noisy).unlink()

    assert spent(folder) == Decimal("1.0")


def test_the_file_says_what_it_rests_on(asked: Engine, tmp_path: Path) -> None:
    """Epsilon, delta, mechanism, whom it protects, and the hash of the definitions, which any change of meaning changes."""
    file = release(SMOKING, YEAR, asked.snapshot, ledger(tmp_path), noisy)
    head = dict(line[2:].split(": ", 1) for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("# "))
    changed = (replace(SMOKING, version=2), replace(SMOKING, by=("sex",)), replace(SMOKING, measure="metabolic-syndrome"))

    assert (head["epsilon"], head["delta"], head["mechanism"], head["fiscal year"]) == ("0.5", "0", "some", "2025")
    assert head["neighbours"] == "snapshots that differ by one person; each is in 1 of the numbers"
    assert head["definitions"] == f"sha256 {SMOKING.digest(YEAR)}"
    assert len({SMOKING.digest(YEAR), *(one.digest(YEAR) for one in changed)}) == 4


def test_it_is_spent_before_it_is_drawn(asked: Engine, tmp_path: Path) -> None:
    """When noise is drawn the line is on the disk, whole; whoever is stopped then has spent."""
    folder = ledger(tmp_path)
    seen = []

    def stopped(_counts: Sequence[int], _epsilon: Decimal) -> Drawn:
        seen.append((folder / "ledger.jsonl").read_text(encoding="utf-8"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        release(SMOKING, YEAR, asked.snapshot, folder, stopped)

    assert '"smoking-by-sex-and-age"' in seen[0].splitlines()[1]
    assert seen[0].endswith("\n")
    assert spent(folder) == Decimal("0.5")
    assert not list((folder / "tables").glob("*")) if (folder / "tables").exists() else True


def test_an_exhausted_budget_refuses(asked: Engine, tmp_path: Path) -> None:
    """Nothing is drawn, nothing spent, nothing written; what was released stays to be had."""
    folder = ledger(tmp_path, "0.7")
    first = release(SMOKING, YEAR, asked.snapshot, folder, noisy)
    with pytest.raises(NotReleased, match=r"0\.2 left of 0\.7, and this takes 0\.5"):
        release(replace(SMOKING, version=2), YEAR, asked.snapshot, folder, noisy)

    assert release(SMOKING, YEAR, asked.snapshot, folder, noisy) == first
    assert (spent(folder), list((folder / "tables").iterdir())) == (Decimal("0.5"), [first])


@given(EPSILONS, st.lists(EPSILONS, max_size=8))
def test_any_row_of_releases_keeps_to_the_budget(
    tmp_path_factory: pytest.TempPathFactory, budget: Decimal, epsilons: list[Decimal]
) -> None:
    """Each is granted if and only if it fits beside those before it, exactly, whenever the ledger is read anew."""
    folder = ledger(tmp_path_factory.mktemp("ledger"), str(budget))
    left = budget
    for number, epsilon in enumerate(epsilons):
        with turn(folder) as mine:
            if epsilon <= left:
                mine.spend(YEAR, epsilon, {"release": str(number)})
                left -= epsilon
            else:
                with pytest.raises(NotReleased):
                    mine.spend(YEAR, epsilon, {"release": str(number)})

    assert spent(folder) == budget - left


def test_two_processes_do_not_overspend(tmp_path: Path) -> None:
    """Two that spend at the same time get together what the budget has, and each line is one that somebody was granted."""
    folder = ledger(tmp_path, "3")
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SPENDER, str(folder), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name in ("one", "two")
    ]
    for process in running:
        assert process.stdout is not None
        process.stdout.readline()
    granted: list[str] = []
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        granted += process.communicate()[0].split()
    with turn(folder) as mine:
        lines = [one["release"] for one in mine.releases()]

    assert (len(granted), spent(folder)) == (30, Decimal(3))
    assert sorted(lines) == sorted(granted)


def test_a_line_that_was_cut_off_is_none(tmp_path: Path) -> None:
    """It was never on the disk as a whole, so nothing was drawn for it; the next one is whole again."""
    folder = ledger(tmp_path)
    with (folder / "ledger.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"entry": "spent", "fiscal_year": 2025, "epsi')
    with turn(folder) as mine:
        mine.spend(YEAR, Decimal("0.25"), {"release": "whole"})

    assert spent(folder) == Decimal("0.25")


@pytest.mark.parametrize(
    "line",
    [
        "{}",
        "[]",
        "x",
        '{"entry": "spent", "fiscal_year": 2025, "epsilon": "-1"}',
        '{"entry": "spend", "fiscal_year": 2025, "epsilon": "1"}',
        '{"entry": "spent", "fiscal_year": "2025", "epsilon": "1"}',
        '{"entry": "spent", "fiscal_year": 2025.0, "epsilon": "1"}',
        '{"entry": "budget", "fiscal_year": true, "epsilon": "1"}',
    ],
)
def test_a_ledger_that_was_changed_is_told(tmp_path: Path, line: str) -> None:
    """Nothing is released on it."""
    folder = ledger(tmp_path)
    with (folder / "ledger.jsonl").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    with pytest.raises(LedgerUnusable), turn(folder):
        pass


def test_a_budget_is_given_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The office registers it by command; the same again changes nothing, another is refused."""
    codes = [main(["public", "budget", "2025", epsilon, "--ledger", str(tmp_path)]) for epsilon in ("4", "4.0", "5")]
    said = capsys.readouterr()

    assert codes == [0, 0, 1]
    assert said.out == "fiscal year 2025: epsilon 4, of which 0 is spent\n" * 2
    assert said.err == "refused: fiscal year 2025 has its budget: epsilon 4\n"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"measure": "cost-per-month"}, "is no share of people"),
        ({"by": ("workplace",)}, "has levels that members' data decide"),
        ({"measure": "disease-treated", "by": ("disease:group",)}, "is no share of people"),
        ({"measure": "nothing"}, "unknown-measure"),
    ],
)
def test_what_is_no_public_table(changes: dict[str, object], why: str) -> None:
    """Sums, diseases, of which somebody has several, and levels that depend on who is there."""
    with pytest.raises(NotReleased, match=why):
        replace(SMOKING, **changes).asked(YEAR)  # type: ignore[arg-type]  # any of its fields


def test_the_tables_that_come_with_it(asked: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All can be released within one budget of 2, and are listed; a file of one's own that says nonsense is named."""
    folder = ledger(tmp_path / "ledger")
    for one in public_tables().values():
        release(one, YEAR, asked.snapshot, folder, noisy)
    code = main(["public", "spent", "--ledger", str(folder)])
    listed = main(["public", "tables"])
    (tmp_path / "own.toml").write_text("[x]\nversion = 1", encoding="utf-8")
    refused = main(["public", "tables", "--tables", str(tmp_path / "own.toml")])
    said = capsys.readouterr()

    assert (code, listed, refused) == (0, 0, 1)
    assert said.out.startswith("fiscal year 2025: epsilon 1.2 of 2\n  2025 smoking-by-sex-and-age (1), snapshot ")
    assert "own.toml: is no file of tables that can be read" in said.err


OWN = """[{name}]
version = 1
title = {{ en = "Smoking", ja = "喫煙" }}
measure = "smoking"
by = ["sex"]
epsilon = "0.5"
"""


@pytest.mark.parametrize(
    "text",
    [
        None,
        OWN.format(name="Upper"),
        OWN.format(name='"a/b"'),
        OWN.format(name="own") + "clipped = 3\n",
        OWN.format(name="own").replace('by = ["sex"]\n', ""),
        OWN.format(name="own").replace("ja", "fr"),
        OWN.format(name="own").replace('"0.5"', '"0"'),
        OWN.format(name="own").replace("1", "one"),
    ],
)
def test_what_is_no_file_of_tables(tmp_path: Path, text: str | None) -> None:
    """No file, another name, a word that means nothing, and one that is missing are refused as a whole."""
    own = tmp_path / "own.toml"
    if text is not None:
        own.write_text(text, encoding="utf-8")
    with pytest.raises(NotReleased, match=r"own\.toml: is no file of tables that can be read$"):
        public_tables(own)


def test_tables_of_ones_own(tmp_path: Path) -> None:
    """A file of them takes the place of those that come with it."""
    own = tmp_path / "own.toml"
    own.write_text(OWN.format(name="own"), encoding="utf-8")
    (table,) = public_tables(own).values()

    assert (table.name, table.measure, table.by, table.epsilon) == ("own", "smoking", ("sex",), Decimal("0.5"))


def test_a_year_without_data(asked: Engine, tmp_path: Path) -> None:
    """Of a year that the snapshot does not have nothing is released and nothing spent, budget or not."""
    with turn(tmp_path) as mine:
        mine.register(1999, Decimal(2))
    with pytest.raises(NotReleased, match="the snapshot has no fiscal year 1999"):
        release(SMOKING, 1999, asked.snapshot, tmp_path, noisy)
    with turn(tmp_path) as mine:
        lines = mine.releases()

    assert (lines, [path.name for path in tmp_path.iterdir()]) == ([], ["ledger.jsonl"])


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    """A name that no file of tables has, and one of another file, are refused with the command that lists them."""
    own = tmp_path / "own.toml"
    own.write_text(OWN.format(name="own"), encoding="utf-8")
    for name, file in (("own", None), (SMOKING.name, own)):
        with pytest.raises(NotReleased, match="there is no such table: `public tables` lists them"):
            named(name, file)

    assert named("own", own).name == "own"


@pytest.mark.parametrize("text", ["0", "0.0", "100", "1e3", "-1", "0.0000001", "", "inf"])
def test_what_is_no_epsilon(text: str) -> None:
    """Nothing that is not above 0 and written out."""
    with pytest.raises(ValueError, match="an epsilon is"):
        epsilon_of(text)


def test_without_opendp_nothing_is_spent() -> None:
    """Whoever lacks the extra is told so when noise is asked for, before any table is."""
    without = "import sys; sys.modules['opendp'] = None; from analysis.public.noise import laplace; laplace()"
    said = subprocess.run([sys.executable, "-c", without], capture_output=True, text=True, check=False).stderr

    assert said.endswith("NoiseMissing: OpenDP is not installed: it is the extra `public` of this package\n")
