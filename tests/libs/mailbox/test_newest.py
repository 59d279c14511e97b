"""The highest seq wins."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from mailboxes.days import DayWindow
from mailboxes.newest import Versioned, Write, newest

_KEYS = st.sampled_from("abc")
_LOG = st.lists(st.tuples(_KEYS, st.integers(0, 9)), max_size=30)


def _writes(log: list[tuple[str, int]]) -> list[Write[str, int]]:
    # A device that keeps the rule never uses a seq twice for different values, so the value follows from key and seq.
    return [Write(key, Versioned(seq, hash((key, seq)) % 5)) for key, seq in log]


@given(_LOG, st.randoms(use_true_random=False), st.integers(1, 5))
def test_order_repetition_and_splitting_change_nothing(log: list[tuple[str, int]], random: object, parts: int) -> None:
    """Any permutation, repetition and splitting of a log ends in the same state."""
    once = newest({}, _writes(log)).changes
    shuffled = log + log[: len(log) // 2]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    state: dict[str, Versioned[int]] = {}
    for at in range(parts):
        state |= newest(state, _writes(shuffled[at::parts])).changes

    assert state == once


def test_results() -> None:
    """Each item hears what became of it, in its order."""
    stored = {"a": Versioned(5, 10)}
    writes = [
        Write("a", Versioned(4, 99)),
        Write("a", Versioned(5, 10)),
        Write("a", Versioned(5, 11)),
        Write("a", Versioned(6, 3)),
        Write("b", Versioned(0, 1)),
        Write("b", Versioned(0, 1)),
        Write("c", Versioned(0, 1), refused="future"),
    ]
    outcome = newest(stored, writes)

    assert [(result.result, result.reason) for result in outcome.results] == [
        ("stale", None),
        ("unchanged", None),
        ("rejected", "seq-reused"),
        ("applied", None),
        ("applied", None),
        ("unchanged", None),
        ("rejected", "future"),
    ]
    assert outcome.changes == {"a": Versioned(6, 3), "b": Versioned(0, 1)}


def test_days() -> None:
    """The last day is the latest date on earth, the first counts from the date in UTC."""
    window = DayWindow.at(datetime(2026, 3, 1, 10, 0, tzinfo=UTC), 14)

    assert window == DayWindow(date(2026, 2, 15), date(2026, 3, 2))
    assert [window.refusal(date(2026, 3, day)) for day in (1, 2, 3)] == [None, None, "future"]
    assert window.refusal(date(2026, 2, 14)) == "too-old"
