"""`make clean` removes homes only, and none that is in use."""

from pathlib import Path

import pytest
from local import home as homes
from local.clean import clean
from local.errors import AlreadyRunning, HomeMismatch


def test_removes_a_home(home: Path, tmp_path: Path) -> None:
    """A home that nobody uses is removed."""
    homes.mark(home, 8100)
    clean(home, tmp_path)

    assert not home.exists()


def test_refuses_while_running(home: Path, tmp_path: Path) -> None:
    """A home that is in use stays."""
    homes.mark(home, 8100)
    with homes.held(home), pytest.raises(AlreadyRunning):
        clean(home, tmp_path)

    assert home.exists()


def test_refuses_other_folders(tmp_path: Path) -> None:
    """A folder that holds something else stays, whatever WARIFU_HOME says."""
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thesis.txt").write_text("years", encoding="utf-8")
    with pytest.raises(HomeMismatch):
        clean(tmp_path / "precious", tmp_path)

    assert (tmp_path / "precious" / "thesis.txt").exists()
