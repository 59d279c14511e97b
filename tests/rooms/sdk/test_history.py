"""What was there before corrections and cancellations: opened, put beside what followed, shown and taken along."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
import warifu
from protocol.messages.former_versions import FormerCheckup, FormerClaim
from protocol.messages.records import Observation
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import World
from rooms.sdk.test_claims import billed
from rooms.sdk.test_cli import _run
from rooms.sdk.test_session import CHECKUP, WEIGHT, with_details
from warifu.cli.words import Language

MAY, JUNE = date(2026, 5, 2), date(2026, 6, 3)
SHORTER = (Observation(item=WEIGHT.code, value=Decimal("150.5"), flag="L"),)


def _doctor(name: str) -> dict[str, object]:
    told = {"code": "9N516000000000049", "status": "measured", "value": name}
    return {"institution": {"name": "架空健診所"}, "observations": [told]}


def corrected(world: World) -> None:
    """Let a checkup have been corrected twice, its height and then its doctor, and have been sealed anew in between."""
    mailbox = world.stores["anon-data"].mailbox
    first, again, second = (with_details(world, _doctor(name)) for name in ("架空医 一号", "架空医 一号", "架空医 二号"))
    assert again.details != first.details
    mailbox.items.append(WEIGHT)
    mailbox.checkups.append(second)
    mailbox.former_checkups += [
        FormerCheckup(replaced=JUNE, checkup=first),
        FormerCheckup(replaced=MAY, checkup=again),
        FormerCheckup(replaced=MAY, checkup=first.model_copy(update={"observations": SHORTER})),
    ]


def ended(world: World) -> None:
    """Let a claim have been replaced by a later version, and another one have been cancelled."""
    mailbox = world.stores["anon-data"].mailbox
    mailbox.claims.append(billed(world, points=900))
    mailbox.former_claims += [
        FormerClaim(replaced=JUNE, cancelled=True, claim=billed(world, 2, "架空病院", points=77)),
        FormerClaim(replaced=JUNE, cancelled=False, claim=billed(world, points=900)),
        FormerClaim(replaced=MAY, cancelled=False, claim=billed(world)),
    ]


async def test_corrections_of_a_checkup(world: World, sign_in: SignIn) -> None:
    """Each version shows what changed after it, open or sealed; one that says the same as what followed is passed over."""
    corrected(world)
    found = await (await sign_in()).former_checkups()
    said = [[(before.value if before else None, after.value if after else None) for before, after in one.changes] for one in found]

    assert [(one.replaced, one.institution) for one in found] == [(JUNE, "架空健診所"), (MAY, "架空健診所")]
    assert said == [[("架空医 一号", "架空医 二号")], [(Decimal("150.5"), Decimal("160.5"))]]


async def test_corrections_and_cancellations_of_claims(world: World, sign_in: SignIn) -> None:
    """A claim stands beside what took its place; a cancelled one beside nothing."""
    ended(world)
    found = await (await sign_in()).former_claims(date(2026, 6, 20), date(2026, 6, 30))

    assert [(one.claim.points, one.later.points if one.later else None) for one in found] == [(77, None), (1500, 900)]
    assert found[0].claim.institution.name == "架空病院"


async def test_nothing_was_corrected(world: World, sign_in: SignIn) -> None:
    """Then there is nothing, and the shell says so."""
    world.stores["anon-data"].mailbox.checkups.append(CHECKUP)
    session = await sign_in()
    good, shown, _ = await _run(sign_in, "history")

    assert (await session.former_checkups(), await session.former_claims(MAY, JUNE)) == ((), ())
    assert (good, "Nothing was corrected." in shown) == (True, True)


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_shell_shows_history(world: World, sign_in: SignIn, language: Language) -> None:
    """What stood there before and after, with days, in both languages."""
    corrected(world)
    ended(world)
    good, shown, _ = await _run(sign_in, "history", language)
    ending = {"ja": "取り消し", "en": "cancelled"}[language]

    assert good
    for word in ("2026-04-01", "2026-05-02", "150.5", "160.5", "15,000", "9,000", "770", ending):
        assert word in shown


async def test_history_is_taken_along(world: World, sign_in: SignIn) -> None:
    """The archive holds results before and after, and former claims with their lines."""
    corrected(world)
    ended(world)
    files = warifu.checked(await warifu.export(await sign_in(), datetime(2026, 7, 1, tzinfo=UTC))).files

    def table(name: str) -> list[list[str]]:
        return list(csv.reader(StringIO(files[f"csv/{name}.csv"].decode("utf-8-sig"))))[1:]

    head = ["2026-04-01", "010", "架空健診所", "2026-05-02"]
    assert table("former-checkups")[1] == [*head, WEIGHT.code, "身長", "150.5", "cm", "L", "160.5", "cm", "N"]
    assert [row[:2] + row[6:7] for row in table("former-claims")] == [
        *[["2026-06-03", "cancelled", "77"]] * 2,
        *[["2026-05-02", "replaced", "1500"]] * 2,
    ]
