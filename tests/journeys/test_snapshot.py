"""What the demo shows of analysis, on a running deployment: who agreed, a snapshot, a plan filled in, staff who ask and read."""

import tomllib

from local import colleagues, journey, plan
from local.system import System
from protocol.messages.analysis import AskedQuestion

YEAR = journey.FISCAL_YEARS[-1]


async def test_from_consents_to_a_review(system: System) -> None:
    """Once everybody agreed a month has one snapshot; it fills the plan in, and answers analysts and the office at anon-data."""
    layout = system.layout
    await plan.agree(layout)
    said = [await plan.snapshot(layout) for _ in range(2)]
    filled, pages = await plan.review(layout, YEAR)
    actuals = tomllib.loads((layout.plans / f"{plan.NAME}.actuals.toml").read_text(encoding="utf-8"))["actuals"]
    await colleagues.hire(system)
    answered = await colleagues.ask(layout, AskedQuestion(measure="checkup-rate", year=YEAR, by=("sex",)))
    page = await colleagues.read_review(layout, plan.NAME, YEAR)
    shown = {cell.levels: cell.people for cell in answered.cells if cell.people is not None}

    assert (" people who agreed" in said[0], said[1].startswith("this month's snapshot is in")) == (True, True), said
    assert filled.startswith(f"{sum(one['mark'] != 'hidden' for one in actuals)} of {len(actuals)} values are shown")
    assert {page.suffix for page in pages} == {".toml", ".html"}
    assert ("male",) in shown
    assert page == (layout.plans / f"review-{YEAR}.ja.html").read_text(encoding="utf-8")
