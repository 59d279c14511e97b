"""Classes of problems: what could not be shown as one is refused where it is written."""

from typing import Any

import pytest
from chassis.problems import Busy, Problem

GOOD: dict[str, Any] = {"type": "no-such-shelf", "title": "There is no such shelf", "status": 404}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": 200}, "needs a status between 400 and 599"),
        ({"status": 399}, "needs a status between 400 and 599"),
        ({"status": 600}, "needs a status between 400 and 599"),
        ({"status": 0}, "needs a status between 400 and 599"),
        ({"type": "No such shelf"}, "needs a type"),
        ({"title": ""}, "needs a type"),
    ],
)
def test_a_class_that_could_not_be_shown(changes: dict[str, Any], said: str) -> None:
    """A refusal has a slug, a title, and a status that no caller takes for success."""
    with pytest.raises(TypeError, match=f"Odd {said}"):
        type("Odd", (Problem,), {**GOOD, **changes})


@pytest.mark.parametrize("name", ["type", "title", "status"])
def test_a_member_that_is_the_classes_own(name: str) -> None:
    """What the class says of itself no occurrence says otherwise; other members stand in the document beside it."""
    own: dict[str, Any] = {name: 200}
    with pytest.raises(TypeError, match=f"a problem's class sets {name}"):
        Busy(**own)

    assert Busy(waiting=3).document() == {**Busy().document(), "waiting": 3}
