"""Rows of a view, read in pages, go to whom they are of."""

from collections.abc import AsyncIterator, Sequence

from anon_data.use_cases.make_snapshot import Followed
from hypothesis import given
from hypothesis import strategies as st

Row = dict[str, bytes | int]


async def paged(rows: Sequence[Row], size: int) -> AsyncIterator[Sequence[Row]]:
    for first in range(0, len(rows), size):
        yield rows[first : first + size]


@given(st.lists(st.integers(0, 9)).map(sorted), st.lists(st.integers(0, 9), unique=True).map(sorted), st.integers(1, 5))
async def test_in_any_pages(owners: list[int], asked: list[int], size: int) -> None:
    """Wherever pages end, everybody who is asked for gets all their rows in their order, and nobody else's."""
    rows: list[Row] = [{"person": bytes([owner]), "place": place} for place, owner in enumerate(owners)]
    followed = Followed(paged(rows, size))

    for one in asked:
        assert await followed.of(bytes([one])) == [row for row in rows if row["person"] == bytes([one])]
