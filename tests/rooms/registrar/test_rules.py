"""The insurer's rules: read strictly, counted in Japanese days."""

from datetime import date
from pathlib import Path

import pytest
from registrar.errors import RegistrarError
from registrar.rules import Rules, load_rules, midnight, today


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    """They are those of the README."""
    assert load_rules(tmp_path).model_dump() == {
        "access_after_leaving_days": 0,
        "work_account_ends": True,
        "close_mailboxes_of_the_dead": False,
        "retention_years": 5,
        "at_erasure": "delete",
        "guardian_until_age": 18,
        "guardian_until": "birthday",
        "insured_is_guardian": True,
        "other_adult_follows": True,
    }


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("retention_yaers = 5", "retention_yaers"),
        ("retention_years = '5'", "retention_years"),
        ("retention_years = -1", "retention_years"),
        ("work_account_ends = 1", "work_account_ends"),
        ("guardian_until = 'never'", "guardian_until"),
        ("retention_years", "not TOML"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, text: str, where: str) -> None:
    """By the key that is wrong, without what stands there."""
    (tmp_path / "rules.toml").write_text(text, encoding="utf-8")

    with pytest.raises(RegistrarError, match=where):
        load_rules(tmp_path)


@pytest.mark.parametrize(
    ("birth", "birthday", "fiscal_year"),
    [
        (date(2010, 5, 6), date(2028, 5, 6), date(2029, 4, 1)),
        (date(2010, 4, 1), date(2028, 4, 1), date(2028, 4, 1)),
        (date(2010, 4, 2), date(2028, 4, 2), date(2029, 4, 1)),
        (date(2010, 1, 1), date(2028, 1, 1), date(2028, 4, 1)),
        (date(2008, 2, 29), date(2026, 3, 1), date(2026, 4, 1)),
    ],
)
def test_the_day_of_age(birth: date, birthday: date, fiscal_year: date) -> None:
    """The birthday, or the 1 April that follows it or falls on it."""
    assert [Rules(guardian_until=until).of_age(birth) for until in ("birthday", "fiscal-year")] == [birthday, fiscal_year]


def test_days_begin_in_japan() -> None:
    """Nine hours before they begin in UTC."""
    assert midnight(date(1970, 1, 2)) == 15 * 3600


def test_the_day_of_a_time_is_japans() -> None:
    """It changes when it does there."""
    begins = midnight(date(2030, 5, 6))

    assert [today(now) for now in (begins - 1, begins)] == [date(2030, 5, 5), date(2030, 5, 6)]
