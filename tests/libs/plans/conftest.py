"""One snapshot of the invented population, and the example plan."""

import pytest
from analysis.engine import Engine
from boundaries.repository import ROOT
from libs.analysis.population import population
from libs.analysis.worlds import engine
from plans.plan import Plan, read_plan

EXAMPLES = ROOT / "libs" / "plans" / "examples"


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine(population(1500), tmp_path_factory.mktemp("plans-shelf") / "shelf")


@pytest.fixture(scope="session")
def plan() -> Plan:
    return read_plan(EXAMPLES / "plan.toml")
