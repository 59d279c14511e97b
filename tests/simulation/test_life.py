"""Any interleaving of a member's life ends in a state in which exactly the right devices open, and one version always opens."""

import asyncio
import os
from contextlib import ExitStack
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from support.postgres import ThrowawayCluster

from simulation.life import Life
from simulation.town import town

EXAMPLES = int(os.environ.get("WARIFU_LIVES", "12"))
STEPS = 14
_REPLAYS = 60
"""Members for the examples that Hypothesis runs again while it makes a failure smaller."""


def test_any_life(cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """Two devices, five hosts, accidents at any call."""
    with asyncio.Runner() as runner, ExitStack() as stack:
        entered = town(cluster, tmp_path, EXAMPLES + _REPLAYS)
        made = runner.run(entered.__aenter__())
        stack.callback(lambda: runner.run(entered.__aexit__(None, None, None)))
        members = iter(made.members)
        lives = settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        )
        run_state_machine_as_test(lambda: Life(made, runner, members), settings=lives)  # type: ignore[arg-type]  # makes one
