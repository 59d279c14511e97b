"""`make demo`: the whole deployment with a fictional population, once or until Ctrl-C."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from protocol.messages.analysis import AskedQuestion

from local import colleagues, journey, namespaces, paper, plan, population, programs
from local.ceremony import OFFICERS
from local.errors import StepFailed
from local.group import DEMO_PASSPHRASE
from local.layout import DEFAULT_HOME, HOSTS, ROOT, Layout
from local.system import System

_SAMPLES = 3
_DRILL_PORT_OFFSET = 100
"""The drill runs a deployment of its own, on ports of its own."""


async def demo(folder: Path, base_port: int | None, members: int, *, once: bool, isolated: bool = False) -> None:
    """Start everything and let the members live; then drill and end (`once`), or stay and say what can be tried."""
    print(f"Starting five hosts, five databases, the portal and the group's identity provider in {folder} ...", flush=True)
    async with System(folder, base_port, isolated=isolated) as system:
        await journey.run(system, members)
        pages = await _plan_and_review(system)
        await _as_staff(system)
        if not once:
            letters = system.layout.home / "letters.pdf"
            if not letters.exists() and (waiting := paper.samples(system.layout)):
                await paper.print_for(system, waiting, letters)
            print(_welcome(system, letters, pages), flush=True)
            await asyncio.Event().wait()
    await _short_drill(system.layout.base_port + _DRILL_PORT_OFFSET)
    print("demo: ok", flush=True)


async def _plan_and_review(system: System) -> list[Path]:
    """Fill the example plan in from a snapshot of those who agreed, and review its last year; return the files."""
    layout, year = system.layout, journey.FISCAL_YEARS[-1]
    with journey.step("letting the fictional members agree to analysis, and making a snapshot of them in blocks of ten"):
        await plan.agree(layout)
        print(f"      {(await plan.snapshot(layout)).strip()}", flush=True)
    with journey.step(f"filling a Data Health Plan in, and reviewing fiscal year {year}"):
        filled, pages = await plan.review(layout, year)
    print(f"      {filled}", *(f"      {_near(page)}" for page in pages), sep="\n", flush=True)
    return pages


async def _as_staff(system: System) -> None:
    """Hire the fictional staff; one of them asks at anon-data, and reads the review there."""
    with journey.step("hiring staff: each signs in at the group and makes a passkey, two officers sign the list for the stores"):
        if not await colleagues.hire(system):
            print("      they are listed already", flush=True)
    asked = AskedQuestion(measure="smoking", year=journey.FISCAL_YEARS[-1], by=("sex", "age:stage"))
    with journey.step("an analyst signs in and asks anon-data how many smoke, by sex and age"):
        for cell in (await colleagues.ask(system.layout, asked)).cells:
            if cell.people is not None:
                rate = "not shown" if cell.value is None else f"{cell.value} %"
                print(f"      {', '.join(cell.levels)}: {rate} of {cell.people}", flush=True)
    with journey.step("somebody of the office reads the plan's review there"):
        await colleagues.read_review(system.layout, plan.NAME, journey.FISCAL_YEARS[-1])


async def _short_drill(base_port: int) -> None:
    """Seize and attack a small deployment; StepFailed when a cell is red."""
    print("\nThe short drill: a deployment of its own is filled, seized host by host and pair by pair, and attacked.", flush=True)
    paths = os.pathsep.join(str(ROOT / folder) for folder in ("deploy/local", "tests"))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "drill", "--short", "--quiet", "--base-port", str(base_port)),
        env={**os.environ, "PYTHONPATH": paths},
    )
    try:
        if await process.wait() != 0:
            raise StepFailed("the short drill is red")
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise


def _welcome(system: System, letters: Path, pages: Sequence[Path]) -> str:
    layout = system.layout
    accounts = json.loads(layout.group_accounts.read_text(encoding="utf-8"))[:_SAMPLES]
    two = " ".join(f"--officer {_near(layout.officers / f'{name}.key')}" for name in OFFICERS[:2])
    elsewhere = [f"  export WARIFU_DEPLOYMENT={layout.deployment} WARIFU_REGISTRAR_HOME={layout.registrar}"]
    inside = [
        f"  {namespaces.door()}    # a member's place; the registrar's, from there:",
        f"  nsenter --net={layout.network('registrar')}",
    ]
    lines = [
        "",
        "Running. Stop with Ctrl-C; the data stay until `make clean`.",
        "",
        *(f"  {name:<10} {system.origins[name]}" for name in HOSTS),
        f"  {'group':<10} {system.group_issuer}",
        f"  {'portal':<10} {layout.portal_origin}",
        f"  {'program':<10} {programs.example_origin(layout)}/    # of others; to connect one: docs/connecting.md",
        "",
        "Fictional employees who can sign in at the group's provider:",
        *(f"  {a['work_id']}  {a['name']}  passphrase {a.get('passphrase', DEMO_PASSPHRASE)}" for a in accounts),
        "Members without a work account have letters, one page each, with a code that works until they add a card:",
        f"  {_near(letters)}" if letters.exists() else "  (none is left)",
        "The Data Health Plan's numbers and its yearly review:",
        *(f"  {_near(page)}" for page in pages),
        "",
        f"Things to try, in a second terminal, in {ROOT}:",
        *(inside if layout.isolated else []),
        *([] if layout.home == DEFAULT_HOME else elsewhere),
        "  .venv/bin/warifu login                      # one of the employees, by browser; then: help",
        "  .venv/bin/warifu login --code               # a code from a letter; then: add-card wallet card.html",
        f"  {layout.portal_origin}                       # the same code in a browser: the members' portal",
        *_staff_lines(layout),
        "  .venv/bin/warifu-registrar status           # what the insurer's workstation knows",
        "a month later, with two officers:",
        f"  .venv/bin/warifu-registrar import {_near(population.a_month_later(layout))} \\",
        f"    {two}",
        "  .venv/bin/warifu-registrar events due       # who left, died, retired, whose guardian is another; then:",
        f"  .venv/bin/warifu-registrar events run --names {_near(population.a_month_later(layout))} \\",
        f"    {two}",
        "the same on the officers' own machines:",
        "  .venv/bin/warifu-registrar window request --purpose enrol --members 10 -o request.json",
        "  .venv/bin/warifu-officer show request.json",
        f"  .venv/bin/warifu-officer windows --key {_near(layout.officers / f'{OFFICERS[0]}.key')}",
        "what the hosts have:",
        f"  curl {system.origins['gateway']}/.well-known/openid-configuration",
        f"  less {_near(system.deployment_path)}",
        f"  ls -R {_near(layout.home / 'hosts')}                    # what a thief of one host would have",
        "  make drill                                  # what the thief can do with it",
    ]
    return "\n".join(lines)


def _staff_lines(layout: Layout) -> list[str]:
    """Return what the staff can try whose passkeys are in files, as far as they can be found there."""
    inside = f"WARIFU_HOME={_near(layout.home)} " if layout.home != DEFAULT_HOME else ""
    staff = f"  {inside}PYTHONPATH=deploy/local .venv/bin/warifu-staff"
    return [
        f"{staff} tasks reminders {journey.FISCAL_YEARS[-1]} \\",
        f"    --authenticator local.colleagues:guide    # {colleagues.GUIDE.work_id}, the same passphrase; contests: :manager",
    ]


def _near(path: Path) -> str:
    """Return a path as it is typed in the checkout."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
