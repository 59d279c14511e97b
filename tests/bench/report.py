"""The report: JSON for machines, a table for people."""

import json
from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure

_HEAD = ("figure", "unit", "ours", "limit", "ratio", "rounds", "target", "met")


def write(figures: Sequence[Figure], path: Path) -> None:
    """Write ``{"figures": [...]}``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"figures": [_entry(figure) for figure in figures]}, indent=2) + "\n", encoding="utf-8")


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as text in columns."""
    rows = [_HEAD, *(_row(figure) for figure in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEAD))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at < 2 else cell.rjust(width) for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def _entry(figure: Figure) -> dict[str, object]:
    return {
        "name": figure.name,
        "unit": figure.unit,
        "value": round(figure.value, 3),
        "limit": round(figure.limit, 3),
        "ratio": round(figure.ratio, 3),
        "target": figure.target,
        "met": figure.met,
    }


def _row(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name,
        figure.unit,
        f"{figure.value:,.2f}",
        f"{figure.limit:,.2f}",
        f"{figure.ratio:.2f}",
        "" if figure.spread is None else f"{figure.spread[0]:.2f}-{figure.spread[1]:.2f}",
        "-" if figure.target is None else f"{figure.target:g}",
        {None: "-", True: "yes", False: "no"}[figure.met],
    )
