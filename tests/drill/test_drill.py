"""The short drill: green as the system is, red with every planted weakness."""

from pathlib import Path

import pytest

from drill.attack import all_attacks, all_plants
from drill.floor import Floor
from drill.floor_live import FLOORS
from drill.found_card import guessed_pin, one_card
from drill.run import Cell, Seized, matrix, planted, rehearse
from drill.ways import PIN
from drill.world import SHORT

AT_REST = sorted(name for name, plant in all_plants().items() if plant.live is None)
LIVE = sorted(name for name, plant in all_plants().items() if plant.live is not None and not plant.long)


class Rehearsal:
    """One short drill: what was seized, what live attacks reached, where to plant."""

    def __init__(self, root: Path, seized: Seized, live: list[Cell], weakened: dict[str, Cell]) -> None:
        self.root = root
        self.seized = seized
        self.live = live
        self.weakened = weakened


@pytest.fixture(scope="module")
async def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    root = tmp_path_factory.mktemp("drill")
    for folder in (root, *root.parents[:2]):
        folder.chmod(0o711)
    seized, live, weakened = await rehearse(root, 8500, SHORT, lambda _: None, weaken=LIVE)
    return Rehearsal(root, seized, live, weakened)


def test_every_attack_has_a_plant() -> None:
    """An attack that nothing can turn red proves nothing."""

    assert {plant.attack for plant in all_plants().values()} == set(all_attacks())


async def test_nothing_is_red_outside_the_floor(rehearsal: Rehearsal) -> None:
    """No seizure and no live host joins anybody."""
    cells = [*rehearsal.live, *matrix(rehearsal.seized)]

    assert [str(cell) for cell in cells if cell.red] == []


async def test_the_floor_is_where_it_is_said_to_be(rehearsal: Rehearsal) -> None:
    """Gateway, keyvault and identity together open every record."""
    seized = rehearsal.seized

    assert Floor(seized.after).open_everything(seized.truth) == len(seized.truth.persons)


@pytest.mark.parametrize("name", [name for name, _, _ in FLOORS])
async def test_a_live_floor_is_where_it_is_said_to_be(rehearsal: Rehearsal, name: str) -> None:
    """The registrar, whoever serves the client, and two live hosts do what the threat model says they can."""
    (cell,) = [cell for cell in rehearsal.live if cell.attack == name]

    # How often two hosts guess right by time depends on how many sign in at once: it is printed.
    assert cell.outcome.strong or cell.outcome.kind == "guess", str(cell)
    assert not cell.red


async def test_a_found_card_and_a_seized_authority_are_below_the_floor(rehearsal: Rehearsal) -> None:
    """Whoever has both guesses the card's PIN."""
    seized = rehearsal.seized

    assert guessed_pin(seized.after, "keyvault", one_card(seized.truth)) == PIN


@pytest.mark.parametrize("name", AT_REST)
async def test_a_plant_is_found(rehearsal: Rehearsal, name: str) -> None:
    """A weakness planted into the seized copy turns its attack red."""
    cell = await planted(rehearsal.seized, rehearsal.root, name)

    assert (cell.red, cell.outcome.strong) == (True, True), str(cell)


@pytest.mark.parametrize("name", LIVE)
async def test_a_live_plant_is_found(rehearsal: Rehearsal, name: str) -> None:
    """A weakened process in the living system turns its attack red."""
    cell = rehearsal.weakened[name]

    assert (cell.red, cell.outcome.strong) == (True, True), str(cell)
