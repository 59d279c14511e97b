"""Reads TOML files into what they should be, or says which field is wrong and why."""

import tomllib
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from plans.errors import Fault, FileUnusable


class Data(BaseModel):
    """Something that a file holds: unknown keys are refused, nothing is guessed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Text(Data):
    """A text in both languages."""

    ja: str
    en: str

    def in_(self, language: str) -> str:
        """Return it in one of them."""
        return self.ja if language == "ja" else self.en


def _year(key: object) -> object:
    return int(key) if isinstance(key, str) and key.isdecimal() else key


Year = Annotated[int, BeforeValidator(_year)]
"""A fiscal year, also as a key of a table."""
D = TypeVar("D", bound=Data)


def read(file: Path, kind: type[D]) -> D:
    """Read a file; raise FileUnusable with every fault that it has."""
    try:
        return kind.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError:
        raise FileUnusable(file, (Fault("file", "cannot be read"),)) from None
    except UnicodeDecodeError:
        raise FileUnusable(file, (Fault("file", "is not UTF-8"),)) from None
    except tomllib.TOMLDecodeError as error:
        raise FileUnusable(file, (Fault("file", f"is no TOML: {error}"),)) from None
    except ValidationError as error:
        faults = (Fault(_field(one["loc"]), one["msg"].removeprefix("Value error, ")) for one in error.errors(include_input=False))
        raise FileUnusable(file, tuple(faults)) from None


def _field(location: tuple[int | str, ...]) -> str:
    named = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location if part != "[key]")
    return named.removeprefix(".") or "file"
