"""Fields of COPY's binary format (PostgreSQL's manual, COPY, and each type's ``recv`` function), for rows by the ten thousand.

A field is its length in four bytes and its value; -1 is NULL. The server reads such rows faster than lines of COPY's text format.
"""

from collections.abc import Iterable
from datetime import date
from struct import Struct

_INT2, _INT4, _DIGITS = Struct("!h"), Struct("!i"), Struct("!hhHh")
_EPOCH = date(2000, 1, 1).toordinal()
_NEGATIVE = 0x4000

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = _INT2.pack(-1)
NULL = _INT4.pack(-1)


def begin(fields: int) -> bytes:
    """Return what begins a row of so many fields."""
    return _INT2.pack(fields)


def field(value: bytes) -> bytes:
    """Return a field of ``bytea``, ``text`` or ``"char"``."""
    return _INT4.pack(len(value)) + value


def smallint(number: int) -> bytes:
    """Return a field of ``smallint``."""
    return field(_INT2.pack(number))


def day(value: date) -> bytes:
    """Return a field of ``date``: days since 2000-01-01."""
    return field(_INT4.pack(value.toordinal() - _EPOCH))


def numeric(text: str) -> bytes:
    """Return a field of ``numeric`` from plain decimal digits such as ``-65.50``; its scale is kept.

    Digits of base 10,000, without zeros at either end, and the weight of the first.
    """
    whole, _, fraction = text.removeprefix("-").partition(".")
    digits = list(_of_four(whole.zfill(-(-len(whole) // 4) * 4) + fraction.ljust(-(-len(fraction) // 4) * 4, "0")))
    weight = -(-len(whole) // 4) - 1
    while digits and digits[0] == 0:
        del digits[0]
        weight -= 1
    while digits and digits[-1] == 0:
        del digits[-1]
    sign = _NEGATIVE if text.startswith("-") and digits else 0
    head = _DIGITS.pack(len(digits), weight if digits else 0, sign, len(fraction))
    return field(head + b"".join(map(_INT2.pack, digits)))


def _of_four(text: str) -> Iterable[int]:
    return (int(text[at : at + 4]) for at in range(0, len(text), 4))
