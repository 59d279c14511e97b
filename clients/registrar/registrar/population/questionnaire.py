"""The standard questionnaire's answers, leaning the way a body's numbers suggest."""

from collections.abc import Iterator
from random import Random

from .health import Measures
from .results import Result, coded


def answers(found: Measures, rng: Random) -> Iterator[Result]:
    """Answers in the table's order; codes of the 4th term."""
    heavy = found.weight / (found.height / 100) ** 2 >= 25
    for name, taken in (
        ("medication-blood-pressure", found.medication_pressure),
        ("medication-glucose", found.medication_glucose),
        ("medication-lipids", found.medication_lipids),
    ):
        yield coded(name, "1" if taken else "2")
    for name, share in (
        ("history-stroke", 0.015),
        ("history-heart-disease", 0.025),
        ("history-kidney-failure", 0.004),
        ("history-anemia", 0.1),
    ):
        yield _yes(name, share, rng)
    yield coded("smoking", found.smoking)
    yield _yes("weight-gain-since-20", 0.75 if heavy else 0.22, rng)
    yield _yes("exercise-habit", 0.2 if heavy else 0.29, rng)
    yield _yes("physical-activity", 0.37, rng)
    yield _yes("walking-speed", 0.4 if heavy else 0.5, rng)
    yield _one("chewing", "123", (0.84, 0.15, 0.01), rng)
    yield _one("eating-speed", "123", (0.45, 0.48, 0.07) if heavy else (0.3, 0.6, 0.1), rng)
    yield _yes("late-dinner", 0.31, rng)
    yield _one("snacking", "123", (0.2, 0.55, 0.25), rng)
    yield _yes("skipping-breakfast", 0.25, rng)
    frequency = rng.choices("12345678", (0.2, 0.08, 0.1, 0.12, 0.12, 0.12, 0.04, 0.22))[0]
    yield coded("alcohol-frequency", frequency)
    if frequency in "123456":
        yield _one("alcohol-amount", "12345", (0.42, 0.34, 0.15, 0.07, 0.02), rng)
    yield _yes("sleep-rest", 0.63, rng)
    yield _one("lifestyle-intention", "12345", (0.26, 0.34, 0.14, 0.1, 0.16), rng)
    yield _yes("guidance-experience", 0.14, rng)


def _yes(name: str, share: float, rng: Random) -> Result:
    return coded(name, "1" if rng.random() < share else "2")


def _one(name: str, codes: str, shares: tuple[float, ...], rng: Random) -> Result:
    return coded(name, rng.choices(codes, shares)[0])
