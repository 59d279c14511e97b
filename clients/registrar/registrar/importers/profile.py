"""Profiles: a TOML file that says how some sender's table of checkups is to be read. Unknown keys are refused."""

import json
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from health.items import by_code, choices
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from registrar.errors import RegistrarError

from .dates import FORMS
from .text import fold
from .units import convertible

Word = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(fold)]
"""A header or a cell of the table, full-width characters folded as they are when the table is read."""

Program = Annotated[str, Field(pattern=r"^\d{3}$")]
_LARGEST = 1 << 20
_SEX: dict[str, Literal["1", "2"]] = {"1": "1", "2": "2"}


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Columns(_Model):
    """The columns of the person, by their headers. Without a number the ticket says whose checkup it is."""

    insurer_number: Word | None = None
    symbol: Word | None = None
    number: Word | None = None
    branch: Word | None = None
    kana_name: Word | None = None
    birth_date: Word
    sex: Word
    exam_date: Word
    program_code: Word | None = None
    institution_number: Word | None = None
    institution_name: Word | None = None
    ticket: Word | None = None
    written: Word | None = None
    """When the line was written: of two versions of a checkup the later one counts."""


class Constants(_Model):
    """What is the same in every line, for fields without a column."""

    insurer_number: Annotated[str, Field(pattern=r"^\d{1,8}$")] | None = None
    symbol: Word | None = None
    program_code: Program = "010"
    report_code: Annotated[str, Field(pattern=r"^(10|4\d)$")] = "10"
    institution_number: Annotated[str, Field(pattern=r"^\d{1,10}$")] | None = None
    institution_name: Word | None = None


class Words(_Model):
    """What the table writes for something else than a value."""

    not_done: tuple[Word, ...] = ("未実施",)
    not_measurable: tuple[Word, ...] = ("測定不能", "測定不可能")
    above: tuple[Word, ...] = ("H",)
    below: tuple[Word, ...] = ("L",)


class ItemColumn(_Model):
    """One column of results: the item, the unit in which it is written, what its words mean, where a column of H, L, N stands."""

    column: Word
    code: Annotated[str, Field(pattern=r"^[0-9A-Z]{17}$")]
    unit: Annotated[str, Field(max_length=30)] = ""
    values: dict[Word, Annotated[str, Field(pattern=r"^[0-9]{1,2}$")]] | None = None
    choices: Annotated[str, Field(pattern=r"^\d{4,5}$")] | None = None
    flag: Word | None = None

    @model_validator(mode="after")
    def _fits_the_item(self) -> Self:
        item = by_code().get(self.code)
        if item is None:
            raise ValueError("the code is not one of the item table")
        if self.unit and not (item.kind == "PQ" and convertible(item, self.unit)):
            raise ValueError("the unit is not the item's, and the table of units does not convert it")
        if (self.values is not None or self.choices is not None) and not item.choices:
            raise ValueError("the item has no choice list")
        if self.choices is not None and self.choices not in item.choices:
            raise ValueError("the choice list is not one of the item's")
        known = {answer for number in ((self.choices,) if self.choices else item.choices) for answer in choices()[number]}
        if not set((self.values or {}).values()) <= known:
            raise ValueError("a value stands for an answer that the choice list does not have")
        return self


class Profile(_Model):
    """How one sender's tables are to be read. `header_line` counts from 1.

    A table without one has `header_line = 0`: `width` is how many cells a line has, and columns are named by numbers from 1.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    encoding: Literal["utf-8", "cp932"]
    delimiter: Literal[",", ";", "|", "\t"] = ","
    header_line: Annotated[int, Field(ge=0, le=100)] = 1
    width: Annotated[int, Field(ge=1, le=10_000)] | None = None
    dates: Annotated[tuple[str, ...], Field(min_length=1)]
    columns: Columns
    constants: Constants = Constants()
    sex: dict[Word, Literal["1", "2"]] = Field(default_factory=lambda: dict(_SEX))
    programs: dict[Word, Program] | None = None
    words: Words = Words()
    items: Annotated[tuple[ItemColumn, ...], Field(min_length=1, max_length=1000)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not set(self.dates) <= set(FORMS):
            raise ValueError(f"dates: the forms are {', '.join(FORMS)}")
        if self.columns.number is None and self.columns.ticket is None:
            raise ValueError("columns: either the number or the ticket is needed")
        if self.columns.number is not None and self.columns.insurer_number is None and self.constants.insurer_number is None:
            raise ValueError("the insurer's number is needed, as a column or as a constant")
        codes = [one.code for one in self.items]
        if len(set(codes)) != len(codes):
            raise ValueError("items: a code stands twice")
        headers = self.headers
        if len(set(headers)) != len(headers):
            raise ValueError("a column is used twice")
        if (self.header_line == 0) != (self.width is not None):
            raise ValueError("width is told where there is no header line, and only there")
        if self.width is not None and not set(headers) <= set(numbered(self.width)):
            raise ValueError("without a header line columns are named by their numbers, from 1 to width")
        return self

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that a table must have."""
        people = tuple(header for header in self.columns.model_dump().values() if header is not None)
        flags = tuple(one.flag for one in self.items if one.flag is not None)
        return (*people, *(one.column for one in self.items), *flags)


def numbered(width: int) -> tuple[str, ...]:
    """Return the names of columns that have none."""
    return tuple(str(at) for at in range(1, width + 1))


def load_profile(path: Path) -> Profile:
    """Read a profile; RegistrarError says where it is not one, never what stands there."""
    try:
        content = path.read_bytes()
        if len(content) > _LARGEST:
            raise RegistrarError(f"{path} is too large for a profile")
        # By way of JSON, in which an array is a tuple to a strict model.
        return Profile.model_validate_json(_json(tomllib.loads(content.decode())))
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "profile"
        raise RegistrarError(f"{path} is no profile: {where}: {first['msg'].removeprefix('Value error, ')}") from None
    except (OSError, ValueError):
        raise RegistrarError(f"{path} is no profile: it cannot be read as TOML") from None


def _json(found: dict[str, object]) -> str:
    return json.dumps(found, default=_refuse)


def _refuse(_: object) -> None:
    raise ValueError("a profile has no dates or times of its own")
