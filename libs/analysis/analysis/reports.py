"""Saved reports: a named set of questions kept as a file, answered once of each snapshot, and kept with what it rests on.

``monthly.toml``: `version`, `employer` where somebody else sees it, and a table for each question below `questions`. The results of
a month are a folder, ``monthly/2026-11``: ``QUESTION.csv`` and ``report.json``, which names the snapshot, the report, and all
definitions by their hashes. They are never written over: the same question of the same month has one answer.
"""

import json
import re
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import ReportUnusable
from analysis.questions import Question

if TYPE_CHECKING:
    from analysis.engine import Engine

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True)
class Report:
    """Questions by name, in the order of the file. `digest`: SHA-256 of the file, in hexadecimal."""

    name: str
    version: int
    employer: bool
    questions: Mapping[str, Question]
    digest: str


def read_report(file: Path) -> Report:
    """Read a report, named as its file is; raise ReportUnusable."""
    try:
        content = file.read_bytes()
        told = tomllib.loads(content.decode())
        questions = {name: _question(entry) for name, entry in told.pop("questions").items()}
        report = Report(
            file.stem, int(told.pop("version")), bool(told.pop("employer", False)), questions, sha256(content).hexdigest()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ReportUnusable(f"{file}: is no report that can be read") from None
    if told or not questions or not all(map(_NAME.fullmatch, (report.name, *questions))):
        raise ReportUnusable(
            f"{file}: says something that no report says, asks nothing, or has a name with other than a-z, 0-9 and -"
        )
    return report


def run_report(report: Report, engine: "Engine", folder: Path) -> Path:
    """Answer every question, and return the folder of the month; one that is there already is left as it is.

    Raise Refused where one of the questions cannot be asked, and ReportUnusable where another version was answered of this month;
    both leave nothing.
    """
    target, unfinished = folder / report.name / engine.snapshot.month, folder / report.name / _UNFINISHED
    if target.exists():
        if json.loads((target / "report.json").read_bytes())["digest"] != report.digest:
            raise ReportUnusable(f"{target}: is of another version, and is never changed")
        return target
    answers = {name: engine.ask(question) for name, question in report.questions.items()}
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700, parents=True)
    for name, answer in answers.items():
        (unfinished / f"{name}.csv").write_text(answer.csv(), encoding="utf-8", newline="")
    told = {
        "report": report.name,
        "version": report.version,
        "digest": report.digest,
        "employer": report.employer,
        "snapshot": engine.snapshot.month,
        "definitions": engine.snapshot.manifest.definitions,
        "measures": {answer.measure: answer.version for answer in answers.values()},
    }
    (unfinished / "report.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    unfinished.rename(target)
    return target


def _question(entry: Mapping[str, Any]) -> Question:
    return Question(**{**entry, "by": tuple(entry.get("by", ())), "where": tuple(dict(entry.get("where", {})).items())})
