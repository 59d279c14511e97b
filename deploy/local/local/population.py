"""The fictional insurer's files: written once into the home, and its employees known to the group's provider."""

import json
from collections.abc import Sequence
from pathlib import Path

from registrar.population import DEFAULT_SEED, write_population

from local.errors import StepFailed
from local.group import STAFF_ACCOUNTS, write_accounts
from local.layout import Layout


def ensure(
    layout: Layout,
    members: int,
    fiscal_years: Sequence[int],
    seed: int = DEFAULT_SEED,
    *,
    later: bool = False,
    receipts: bool = False,
) -> Path:
    """Write the files unless they are there, tell the provider who can sign in, and return their folder.

    With ``later`` there is also the table of a month later, and the people who come with it; with ``receipts`` those of the last
    year, a report of health guidance, prices of drugs, and who took part in cancer screenings.

    A home keeps its population: StepFailed when another size is asked for, because two inventions would share member numbers.
    """
    folder = layout.home / "population"
    size = folder / "members"
    if not size.exists():
        write_population(folder, members, fiscal_years, seed, later=later, receipts=fiscal_years[-1:] if receipts else ())
        size.write_text(str(members), encoding="ascii")
    elif int(size.read_text(encoding="ascii")) != members:
        there = size.read_text(encoding="ascii")
        raise StepFailed(f"{layout.home} has a population of {there}: use MEMBERS={there}, or forget it first (make clean)")
    employees = [{"work_id": one["work_id"], "name": one["display_name"]} for one in _accounts(folder)]
    write_accounts(layout, [*employees, *STAFF_ACCOUNTS])
    return folder


def files(layout: Layout) -> list[Path]:
    """Return the files to import, the eligibility first."""
    folder = layout.home / "population"
    tables = (folder / name for name in ("prices.csv", "screenings.csv"))
    there = [path for path in tables if path.exists()]
    return [folder / "eligibility.csv", *sorted([*folder.glob("*.zip"), *there, *folder.rglob("*.UKE")])]


def a_month_later(layout: Layout) -> Path:
    """Return the insurer's table of a month later."""
    return layout.home / "population" / "later" / "eligibility.csv"


def work_ids(layout: Layout) -> list[str]:
    """Return the work ids of all employees, in the order of the insurer's file."""
    return [one["work_id"] for one in _accounts(layout.home / "population")]


def _accounts(folder: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((folder / "accounts.json").read_text(encoding="utf-8"))["accounts"]
    return found
