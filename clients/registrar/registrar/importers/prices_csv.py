"""A table of drug prices: which drugs may stand for each other, and what they cost. It says nothing of anybody.

The columns are 医薬品コード (9 digits), 医薬品名, 規格単位, 薬価 (yen), 一般名コード (drugs of one code may stand for each
other), 後発品 (1 for generics), 切替対象外 (1 where no switch is to be proposed), or in English code, name, unit, price, family,
generic, excluded. Insurers make it from the public master of drugs.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from protocol.messages.prices import DrugPrice
from pydantic import ValidationError

from .own_table import OwnTable
from .report import Accepted, Importer, Rejected

_TABLE = OwnTable(
    "prices",
    {
        "医薬品コード": "code",
        "医薬品名": "name",
        "規格単位": "unit",
        "薬価": "price",
        "一般名コード": "family",
        "後発品": "generic",
        "切替対象外": "excluded",
    },
    ("code", "name", "price"),
)
_MARKS = {"": False, "0": False, "1": True}


def read(path: Path) -> Iterator[Accepted[DrugPrice] | Rejected]:
    """Yield each line's row or report."""
    seen: dict[str, DrugPrice] = {}
    for outcome in _TABLE.lines(path):
        if isinstance(outcome, Rejected):
            yield outcome
            continue
        line, said = outcome
        row = _row(said)
        if row is None:
            yield Rejected(_TABLE.where, line, "price-bad")
        elif row.code not in seen:
            seen[row.code] = row
            yield Accepted(_TABLE.where, line, row)
        elif seen[row.code] != row:
            yield Rejected(_TABLE.where, line, "price-repeated")


def _row(said: Mapping[str, str]) -> DrugPrice | None:
    generic, excluded = _MARKS.get(said["generic"]), _MARKS.get(said["excluded"])
    if generic is None or excluded is None:
        return None
    fields = {name: said[name] for name in ("code", "name", "unit", "price")}
    try:
        return DrugPrice.model_validate(
            {**fields, "family": said["family"] or None, "generic": generic, "switchable": not excluded}, strict=False
        )
    except ValidationError:
        return None


IMPORTER = Importer("prices-csv", _TABLE.sniff, read)
