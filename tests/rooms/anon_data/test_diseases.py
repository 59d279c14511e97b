"""Classes and groups of diagnoses, of codes old and new, and of what is said as its group."""

from pathlib import Path

import pytest
from analysis import variables
from analysis.member_years import Disease
from anon_data.snapshots.diseases import disease_of, read_classes
from chassis.config import ConfigError
from health.diseases import GROUPS, group_of, group_of_class


def test_classes_and_groups() -> None:
    """A code of the table has its class and the group of that; others have a group alone, and what is no group is another one."""
    classes = {"8830001": "0402", "2500099": "0402"}
    codes = ("8830001", "2500015", "8840002", "mental", "other", "2500099", "9999999", "wordless")

    assert [disease_of(code, classes) for code in codes] == [
        Disease("0402", "endocrine"),
        Disease(None, "endocrine"),
        Disease(None, "other"),
        Disease(None, "mental"),
        Disease(None, "other"),
        Disease("0402", "endocrine"),
        Disease(None, "injury"),
        Disease(None, "other"),
    ]


def test_groups_are_those_of_the_registry() -> None:
    """Chapters of both classifications lead to the same groups, and analysis knows all of them."""
    chapters = {group_of_class(f"{chapter:02}01") for chapter in range(1, 23)}
    older = {group_of(f"{number:03}0000") for number in range(1000)}

    assert chapters == older == set(GROUPS) == set(variables()["disease"].rungs[1].levels or ())
    assert [group_of_class(number) for number in ("0704", "0901", "1905", "2101")] == ["nervous", "circulatory", "injury", "other"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "should begin with code,class"),
        ("code,class\n4019014,0901\n401901,0901\n", "line 3 is no code with its class"),
        ("code,class\n4019014,901\n", "line 2 is no code with its class"),
        ("code,class\n4019014\n", "line 2 is no code with its class"),
        ("code,class\n4019014,0901\n2500015,0402\n4019014,0902\n", "line 4 is a code that was there before"),
    ],
)
def test_another_table_is_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    """A table that cannot be is refused whole, with the line."""
    path = tmp_path / "classes.csv"
    path.write_text(text)
    with pytest.raises(ConfigError, match=said):
        read_classes(path)
