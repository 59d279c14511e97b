"""An analyst, in order, reads every number that anon-data tells, of a year in which nine people were examined."""

from datetime import date

from protocol.messages.records import Checkup, StoreCheckups, WithdrawCheckups, WithdrawnCheckup
from protocol.messages.statistics import Examined

from drill.attack import Live
from drill.colleague import STORE, Colleague
from drill.criteria import Outcome, exact
from drill.truth import Truth
from drill.world import World

_PEOPLE = 9
_YEAR = 2001
_DAY = date(_YEAR, 6, 1)


async def _run(world: World, truth: Truth) -> Outcome:
    analyst, station = Colleague(world, "desk-1"), world.workstation
    await analyst.hired()
    tokens = sorted(person.ids[STORE] for person in truth.persons if person.first_login is not None)[:_PEOPLE]
    one = Checkup(exam_date=_DAY, fiscal_year=_YEAR, program="010", age=40, observations=())
    window = await station.open("ingest", (STORE,))
    rows = [(token, one) for token in tokens]
    (await station.call(window, STORE, "/checkups", StoreCheckups.of(rows))).raise_for_status()
    answer = await analyst.call("GET", "/staff/examined")
    withdrawn = tuple(WithdrawnCheckup(token=token, exam_date=_DAY, program="010") for token in tokens)
    (await station.call(window, STORE, "/checkups/withdrawals", WithdrawCheckups(rows=withdrawn))).raise_for_status()
    years = Examined.model_validate_json(answer.raise_for_status().content).years
    found = [year for year in years if year.fiscal_year == _YEAR]
    assert len(found) == 1
    return exact(sum(year.people is not None for year in found), 1, "numbers of fewer than ten people told to staff")


ATTACK = Live(
    "small-numbers",
    "An analyst reads every number that there is, of a year in which nine people were examined.",
    (STORE,),
    _run,
)
