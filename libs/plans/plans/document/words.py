"""The document's own words in both languages, and how numbers are written."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from analysis import Ratio, measures, variables

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def words(language: Language) -> Mapping[str, str]:
    """Return every text by its key."""
    text = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    return {key: entry[language] for key, entry in tomllib.loads(text).items()}


def title_of(measure: str, language: Language, where: Mapping[str, str] | None = None) -> str:
    """Return a measure's title, and of whom."""
    title = measures()[measure].title[language]
    said = [_condition(rung, level, language) for rung, level in (where or {}).items()]
    return f"{title}{words(language)['of'].format(whom=words(language)['and'].join(said))}" if said else title


def _condition(rung: str, level: str, language: Language) -> str:
    known = words(language).get(f"level-{level}")
    return known or f"{variables()[rung.partition(':')[0]].title[language]} {level}"


def amount(measure: str, value: float) -> str:
    """Write a value in the unit of its measure: per cent with one decimal, others with three digits."""
    one = measures()[measure]
    if isinstance(one, Ratio) and not one.percent:
        return f"{value:,.0f}" if value >= 100 else f"{value:,.3g}"
    return f"{value:.1f}%"


def difference(measure: str, value: float) -> str:
    """Write a difference of two values with its sign, of per cents in points."""
    one, sign = measures()[measure], "+" if value > 0 else "−" if value < 0 else "±"
    if isinstance(one, Ratio) and not one.percent:
        return f"{sign}{abs(value):,.0f}" if abs(value) >= 100 else f"{sign}{abs(value):,.3g}"
    return f"{sign}{abs(value):.1f}pt"


def year_of(year: int, language: Language) -> str:
    """Name a fiscal year."""
    return words(language)["year"].format(year=year)
