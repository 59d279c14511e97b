"""Conducts the drill: live attacks, then every attack on every seizure, before and after a seal."""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path

from local.layout import HOSTS
from protocol.names import AUTHORITIES, STORES

from drill.attack import AtRest, Live, all_attacks, all_plants
from drill.criteria import Outcome
from drill.floor import Floor
from drill.floor_live import FLOORS
from drill.found_card import guessed_pin, one_card
from drill.seizure import HostCopy, Seizure
from drill.truth import Truth
from drill.truth_of import truth_of
from drill.weakening import restored
from drill.world import Scale, World, running

BEFORE, AFTER = "before seal", "after seal"


@dataclass(frozen=True)
class Cell:
    """One square of the matrix."""

    attack: str
    seizure: str
    moment: str
    outcome: Outcome
    floor: bool
    """Whether success here is the openly stated floor."""

    @property
    def red(self) -> bool:
        """Whether this cell fails the drill."""
        return self.outcome.red and not self.floor

    def __str__(self) -> str:
        """Return one line of the matrix."""
        verdict = "RED  " if self.red else ("floor" if self.outcome.red else "green")
        return f"{verdict}  {self.attack:<22} {self.seizure:<22} {self.moment:<12} {self.outcome.said}"


@dataclass
class Seized:
    """All five hosts seized at both moments, and the truth about them."""

    before: Seizure
    after: Seizure
    truth: Truth


async def seize(world: World, into: Path, moment: str) -> Seizure:
    """Copy all five running hosts."""
    copies = {host: await HostCopy.take(world.system.layout, host, into / moment.replace(" ", "-")) for host in HOSTS}
    return Seizure(copies, moment)


async def rehearse(
    root: Path, base_port: int, scale: Scale, say: Callable[[str], None], weaken: Sequence[str] = ()
) -> tuple[Seized, list[Cell], dict[str, Cell]]:
    """Run a world with its live attacks and seize it before and after a seal; ``weaken`` names live plants to try as well."""
    home = root / "home"
    async with running(home, base_port, scale, say) as world:
        await world.load()
        await world.live()
        await world.back_up()
        before = await seize(world, root, BEFORE)
        truth = truth_of(world, before)
        live = [await _attack_live(attack, world, truth) for attack in all_attacks().values() if isinstance(attack, Live)]
        weakened = {name: await weakened_by(world, truth, name) for name in weaken}
        await restored(world)
        live += [Cell(name, hands, "live", await work(world, truth), floor=True) for name, hands, work in FLOORS]
        await world.seal()
        after = await seize(world, root, AFTER)
    return Seized(before, after, truth), live, weakened


def matrix(seized: Seized) -> Iterator[Cell]:
    """Yield every cell of the attacks at rest."""
    singles = [(host,) for host in HOSTS]
    pairs = list(combinations(HOSTS, 2))
    joinable = [pair for pair in pairs if pair[1] in STORES]
    for attack in all_attacks().values():
        if not isinstance(attack, AtRest):
            continue
        for hosts in joinable if attack.joins else singles + pairs:
            for seizure in (seized.before, seized.after):
                part = seizure.only(hosts)
                moment = seizure.moment
                floor = attack.floor(hosts, moment)  # type: ignore[arg-type]
                yield Cell(attack.name, part.name, moment, attack.run(part, seized.truth), floor)


async def conduct(root: Path, base_port: int, scale: Scale, report: Path | None, *, quiet: bool) -> bool:
    """Run the whole drill, print the matrix, plant every weakness, and return whether a cell is red or a plant was not found."""
    plants = all_plants()
    seized, live, weakened = await rehearse(root, base_port, scale, print, [name for name, plant in plants.items() if plant.live])
    cells: list[Cell] = []
    for cell in itertools.chain(live, matrix(seized)):
        if not quiet or cell.outcome.red:
            print(cell, flush=True)
        cells.append(cell)
    opened = Floor(seized.after).open_everything(seized.truth)
    print(f"floor  {'+'.join(AUTHORITIES)} together open {opened} of {len(seized.truth.persons)} members, as the threat model says")
    found = sum(guessed_pin(seized.after, host, one_card(seized.truth)) is not None for host in AUTHORITIES)
    print(f"floor  a found card and one seized authority give its PIN, at {found} of {len(AUTHORITIES)}, as the threat model says")
    red = [cell for cell in cells if cell.red]
    if report:
        rows = [{**asdict(cell), "red": cell.red} for cell in cells]
        report.write_text(json.dumps({"scale": asdict(scale), "cells": rows}, indent=2), encoding="utf-8")
    planted_cells = weakened | {name: await planted(seized, root, name) for name, plant in plants.items() if plant.apply}
    missed = [name for name, cell in planted_cells.items() if not (cell.red and cell.outcome.strong)]
    for name in missed:
        print(f"plant {name} was not found: {planted_cells[name]}")
    print(f"{len(cells)} cells, {len(red)} red; {len(plants) - len(missed)} of {len(plants)} plants found; seed {scale.seed}")
    return bool(red or missed)


async def prove_plant(root: Path, base_port: int, scale: Scale, name: str) -> bool:
    """Plant one weakness and return whether its attack finds it."""
    plant = all_plants()[name]
    if plant.live is not None:
        async with running(root / "home", base_port, scale, print) as world:
            await world.load()
            cell = await weakened_by(world, truth_of(world, None), name)
            await restored(world)
            return _told(cell)
    seized, _, _ = await rehearse(root, base_port, scale, print)
    return _told(await planted(seized, root, name))


async def planted(seized: Seized, root: Path, name: str) -> Cell:
    """Plant a weakness into a copy of the seizure and run the attack that must find it."""
    plant = all_plants()[name]
    attack = all_attacks()[plant.attack]
    assert plant.apply is not None
    assert isinstance(attack, AtRest)
    copies = {host: await seized.after[host].clone(root / f"plant-{name}") for host in plant.hosts}
    weak = Seizure(copies, AFTER)
    await plant.apply(weak, seized.truth)
    return Cell(attack.name, weak.name, AFTER, attack.run(weak, seized.truth), floor=False)


async def weakened_by(world: World, truth: Truth, name: str) -> Cell:
    """Run a weakened process in a living system and the live attack that must find it."""
    plant = all_plants()[name]
    attack = all_attacks()[plant.attack]
    assert plant.live is not None
    assert isinstance(attack, Live)
    async with plant.live(world):
        return await _attack_live(attack, world, truth)


async def _attack_live(attack: Live, world: World, truth: Truth) -> Cell:
    return Cell(attack.name, "+".join(attack.hosts), "live", await attack.run(world, truth), floor=False)


def _told(cell: Cell) -> bool:
    print(cell)
    return cell.red and cell.outcome.strong
