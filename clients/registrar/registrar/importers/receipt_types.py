"""The 4-digit type of a receipt (レセプト種別): points table, scheme, number of payers, and who was treated how."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from .receipt_rows import Insured

PUBLIC_ONLY = "2"
"""The second digit of receipts that no insurer pays."""

_INSURED: Mapping[str, Insured] = MappingProxyType(
    {**dict.fromkeys("12", "self"), **dict.fromkeys("3456", "dependant")}  # 3 and 4: not yet at school
)
_OWN_SHARE: Mapping[str, int] = MappingProxyType(dict.fromkeys("3478", 20))
"""Not yet at school, and from 70 on in general; everybody else, and those from 70 on with a high income, pay 30 percent."""
_KNOWN = re.compile(r"[13](?:[134][1-5][0-9]|2[1-4][12])|4(?:[134][1-5][02468]|2[1-4]2)", re.ASCII)


def known_type(code: str) -> bool:
    """Whether the code is in the table of types."""
    return _KNOWN.fullmatch(code) is not None


def is_inpatient(code: str) -> bool:
    """Whether the treatment was inpatient: the last digit is odd."""
    return code[3] in "13579"


def insured_of(code: str) -> Insured | None:
    """Return who was treated; None for people of 70 and more, and where no insurer pays."""
    return None if code[1] == PUBLIC_ONLY else _INSURED.get(code[3])


def own_share(code: str) -> int:
    """Return the percentage that the patient pays by law, before ceilings and what public payers take over."""
    return _OWN_SHARE.get(code[3], 30)
