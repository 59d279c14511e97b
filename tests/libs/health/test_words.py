"""Words: every code of the library has a text in both languages, and no text is left over."""

import re
from collections.abc import Iterable
from typing import get_args

from health import (
    LANGUAGES,
    LETTERS,
    NINGEN_DOCK_2026,
    TABLES,
    Band,
    Beyond,
    Criterion,
    Direction,
    GuidanceLevel,
    Note,
    Syndrome,
    Trend,
    questions,
    words,
)
from health.items import by_name, choices

ASKED_OF_ALL = ("smoking", "medication-blood-pressure", "medication-glucose", "medication-lipids")
NOT_EXPLAINED = {"body-height", "body-weight", "hba1c-jds"}
EXPLAINED_CODES = {"urine-glucose", "urine-protein"}
PLACES = re.compile(r"\{\w+\}")


def test_every_code_has_words() -> None:
    """The table's keys are the codes, no more and no less."""
    numbers = [name for name, items in by_name().items() if items[0].kind == "PQ"]
    coded = [name for name, items in by_name().items() if items[0].kind in ("CD", "CO") and name not in questions("ja")]
    codes: dict[str, Iterable[str]] = {
        "syndrome": list(Syndrome),
        "guidance": list(GuidanceLevel),
        "criterion": get_args(Criterion),
        "side": [*get_args(Beyond), "above"],
        "note": get_args(Note),
        "band": get_args(Band),
        "direction": get_args(Direction),
        "item": [*numbers, *coded, *ASKED_OF_ALL],
        "meaning": {*numbers, *EXPLAINED_CODES} - NOT_EXPLAINED,
        "letter": LETTERS,
        "trend": get_args(Trend),
        "table": [*(table.name for table in TABLES), NINGEN_DOCK_2026],
    }
    expected = {f"{kind}.{code}" for kind, found in codes.items() for code in found}
    found = [{key for key in words(language) if not key.startswith("explain.")} for language in LANGUAGES]

    assert found == [expected] * len(LANGUAGES)


def test_no_text_is_empty() -> None:
    """Both languages have all texts, and the same places to fill in."""
    texts = {key: tuple(words(language)[key] for language in LANGUAGES) for key in words("ja")}

    assert [key for key, found in texts.items() if not all(found)] == []
    assert [key for key, found in texts.items() if len({frozenset(PLACES.findall(text)) for text in found}) != 1] == []


def test_results_are_those_of_the_choice_lists() -> None:
    """The results' codes are the choice lists' codes, by the same names."""
    guidance = {level.value: level.name.lower().replace("_", "-") for level in GuidanceLevel}
    syndrome = {result.value: result.name.lower().replace("_", "-") for result in Syndrome}

    assert guidance == {code: choice.name for code, choice in choices()["3001"].items()}
    assert syndrome == {code: choice.name for code, choice in choices()["1008"].items()}
