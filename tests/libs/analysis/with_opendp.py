"""Noise that OpenDP draws: what it declares is what it draws, and what it costs is what was asked for. Run by `make public`."""

import math
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from analysis.__main__ import main
from analysis.engine import Engine
from analysis.public.noise import laplace

DRAWS = 60_000
MOST = 90.0
"""Of chi-square with about 20 degrees of freedom: passed by chance once in 10^10 times."""


def chance(noise: int, scale: float) -> float:
    """Return the probability of a discrete Laplace number (Inusah, Kozubowski 2006)."""
    ratio = math.exp(-1 / scale)
    return (1 - ratio) / (1 + ratio) * ratio ** abs(noise)


def misfit(drawn: Counter[int], scale: float) -> float:
    """Return chi-square of drawn noise with this scale: numbers of which 20 are expected one by one, the two tails together."""
    widest = max(number for number in range(200) if DRAWS * chance(number, scale) >= 20)
    expected = {number: DRAWS * chance(number, scale) for number in range(-widest, widest + 1)}
    tails = DRAWS - sum(expected.values()), DRAWS - sum(drawn[number] for number in expected)
    found = sum((drawn[number] - count) ** 2 / count for number, count in expected.items())
    return found + (tails[1] - tails[0]) ** 2 / max(tails[0], 1) if tails[0] > 1 else found


@pytest.mark.parametrize("epsilon", ["2", "0.5", "0.3"])
def test_noise_has_its_declared_scale(epsilon: str) -> None:
    """Tens of thousands of draws fit the discrete Laplace distribution of the scale that the file names, and no other near it."""
    drawn = laplace()([1000] * DRAWS, Decimal(epsilon))
    noise = Counter(one - 1000 for one in drawn.counts)

    assert drawn.scale == pytest.approx(1 / float(epsilon), rel=1e-6)
    assert misfit(noise, drawn.scale) < MOST + 4 * drawn.scale
    assert misfit(noise, 1.1 * drawn.scale) > MOST + 4 * drawn.scale
    assert f"discrete Laplace of scale {drawn.scale:.6g}" in drawn.mechanism


@pytest.mark.parametrize("epsilon", ["0.000001", "0.1", "0.3", "3", "99.999999"])
def test_it_costs_no_more_than_asked(epsilon: str) -> None:
    """Two neighbours' numbers differ in chance by a factor of e to the epsilon at most, also where no double is the decimal."""
    scale = laplace()([0], Decimal(epsilon)).scale

    assert 1 / scale <= float(epsilon) * (1 + 1e-15)
    assert 1 / scale >= float(epsilon) * (1 - 1e-9)


def test_no_draw_is_like_another() -> None:
    """There is no seed: what was drawn cannot be drawn again by somebody else."""
    draw = laplace()

    assert draw([0] * 100, Decimal("0.5")).counts != draw([0] * 100, Decimal("0.5")).counts


def test_a_table_is_released_by_command(asked: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Once for its epsilon, and again for nothing; what does not fit the budget is refused."""
    shelf, ledger = ["--shelf", str(asked.snapshot.folder.parent)], ["--ledger", str(tmp_path)]
    released = ["public", "release", "smoking-by-sex-and-age", "--year", "2025", *shelf, *ledger]
    codes = [main(["public", "budget", "2025", "0.6", *ledger]), main(released)]
    first = Path(capsys.readouterr().out.splitlines()[-1])
    content = first.read_bytes()
    codes += [main(released), main(["public", "release", "metabolic-syndrome-by-sex-and-age", "--year", "2025", *shelf, *ledger])]
    said = capsys.readouterr()

    assert (codes, said.out, first.read_bytes()) == ([0, 0, 0, 1], f"{first}\n", content)
    assert said.err == "refused: fiscal year 2025 has epsilon 0.1 left of 0.6, and this takes 0.5\n"
    assert b"# mechanism: discrete Laplace of scale 2, OpenDP " in content
