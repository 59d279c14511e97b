"""What the codes of this library are called, in Japanese and English."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, get_args

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def words(language: Language) -> Mapping[str, str]:
    """Return every text by `kind.code`, such as `note.bmi-differs`; a text with `{limit}` is for `str.format`."""
    rows = csv.DictReader(files(__package__).joinpath("words.csv").read_text(encoding="utf-8").splitlines())
    return MappingProxyType({row["key"]: row[language] for row in rows})
