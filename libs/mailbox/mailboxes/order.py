"""Rows of a registrar batch come sorted by token, so that the order of arrival says nothing about the insurer's own files."""

from collections.abc import Hashable, Sequence
from itertools import pairwise

from windows import RowsRefused


def require_sorted(tokens: Sequence[bytes]) -> None:
    """Raise RowsRefused (``order``) at the first row whose token is less than the one before, bytes compared unsigned."""
    if wrong := [at for at, (before, token) in enumerate(pairwise(tokens), 1) if token < before]:
        raise RowsRefused(reason="order", rows=wrong[:1])


def require_unique(keys: Sequence[Hashable]) -> None:
    """Raise RowsRefused (``repeated``) with the rows whose key stands in the batch before."""
    if len(set(keys)) == len(keys):
        return
    seen: set[Hashable] = set()
    wrong = [at for at, key in enumerate(keys) if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
    raise RowsRefused(reason="repeated", rows=wrong)
