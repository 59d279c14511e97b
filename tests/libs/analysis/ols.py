"""Least squares on rows with robust errors, which know nothing of cells: what estimates of cells must agree with."""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

Row = dict[str, Any]
Floats = npt.NDArray[np.float64]


def contrast(outcome: Sequence[float], design: Sequence[Sequence[float]], weights: Sequence[float]) -> tuple[float, float]:
    """Regress, and return a linear combination of the coefficients with its robust (HC0) standard error."""
    y, x, r = np.array(outcome, float), np.array(design, float), np.array(weights, float)
    bread = np.linalg.inv(x.T @ x)
    residuals = y - x @ (bread @ x.T @ y)
    meat: Floats = (x * residuals[:, None] ** 2).T @ x
    return float(r @ bread @ x.T @ y), float(np.sqrt(r @ bread @ meat @ bread @ r))


def as_printed(estimate: float, error: float) -> tuple[float, float, float]:
    """Return an estimate of a share and both ends of its interval of 95 per cent, as they are printed."""
    half = 1.959963984540054 * error
    return tenths(100 * estimate), tenths(100 * (estimate - half)), tenths(100 * (estimate + half))


def tenths(value: float | Fraction) -> float:
    exact = Fraction(value)
    return math.copysign(math.floor(10 * abs(exact) + Fraction(1, 2)) / 10, exact) + 0.0
