"""``warifu-registrar window``."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from protocol.deployment import Deployment
from protocol.manifest import WITH_SUBJECTS, Purpose
from protocol.names import HostName, Zone
from rich.table import Table

from registrar import window_store
from registrar.errors import RegistrarError, WindowClosed
from registrar.home import DEFAULT_HOME, Home
from registrar.hosts import Hosts
from registrar.labels import names_in
from registrar.officer_lists import OfficerChain
from registrar.officers import load_officers
from registrar.requests import make_request, open_request, refuse_without_people
from registrar.session import Session, open_windows
from registrar.subjects import People, find_members, people_in, people_of
from registrar.terminal import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    HomeOption,
    NamesOption,
    OfficerOption,
    console,
    deployment_of,
    run,
    run_async,
)
from registrar.windows import DEFAULT_SECONDS, Window, quotas_of

app = typer.Typer(help="Windows: what the registrar may do, where, how often and until when.", no_args_is_help=True)

_SIGNING_SECONDS = 8 * 3600
"""Officers on other machines take their time."""

PurposeOption = Annotated[Purpose, typer.Option(help="What the window is for.")]
MembersOption = Annotated[int, typer.Option(min=0, help="For how many people (enrol, ingest, search).")]
CheckupsOption = Annotated[int, typer.Option(min=0, help="For how many checkups (ingest).")]
ClaimsOption = Annotated[int, typer.Option(min=0, help="For how many medical claims (ingest).")]
GuidanceOption = Annotated[int, typer.Option(min=0, help="For how many reports of health guidance (ingest).")]
ScreeningsOption = Annotated[int, typer.Option(min=0, help="For how many cancer screenings (ingest).")]
ProfilesOption = Annotated[int, typer.Option(min=0, help="For how many changed records that are read (ingest).")]
WithdrawnOption = Annotated[
    int,
    typer.Option(min=0, help="For how many letters (enrol), checkups, claims, reports or screenings (ingest) that are withdrawn."),
]
AddressedOption = Annotated[int, typer.Option(min=0, help="How many people may be written to (message).")]
UpdatedOption = Annotated[int, typer.Option(min=0, help="For how many people whose entries change (enrol).")]
MemberOption = Annotated[
    list[str] | None,
    typer.Option("--member", help="Whom it is about: symbol:number:branch; once for each (recover, suspend, erase)."),
]
SubjectsOption = Annotated[
    Path | None, typer.Option("--subjects", help="Table of subjects: host, id, label (reidentify).", exists=True, dir_okay=False)
]
SecondsOption = Annotated[int, typer.Option(min=60, help="For how long.")]


@dataclass(frozen=True)
class Wanted:
    """What a window is asked for."""

    purpose: Purpose
    members: int = 0
    checkups: int = 0
    claims: int = 0
    guidance: int = 0
    screenings: int = 0
    profiles: int = 0
    withdrawn: int = 0
    updated: int = 0
    addressed: int = 0
    named: Sequence[str] = ()
    names: Sequence[Path] = ()
    subjects: Path | None = None


@app.command("open")
def open_command(
    *,
    purpose: Annotated[Purpose | None, typer.Option(help="What the window is for.")] = None,
    members: MembersOption = 0,
    officer: OfficerOption = None,
    request: Annotated[Path | None, typer.Option(help="A signing request that two officers signed.", dir_okay=False)] = None,
    checkups: CheckupsOption = 0,
    claims: ClaimsOption = 0,
    guidance: GuidanceOption = 0,
    screenings: ScreeningsOption = 0,
    profiles: ProfilesOption = 0,
    withdrawn: WithdrawnOption = 0,
    updated: UpdatedOption = 0,
    addressed: AddressedOption = 0,
    member: MemberOption = None,
    names: NamesOption = None,
    subjects: SubjectsOption = None,
    seconds: SecondsOption = DEFAULT_SECONDS,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Open a window at all hosts, signed by two officers here (--officer twice) or elsewhere (--request)."""
    if (purpose is None) == (request is None):
        raise typer.BadParameter("give either --purpose or --request")
    if request is not None:
        windows = run_async(_open_request(home, deployment_of(deployment), request))
        console.print(f"{request} is done with; delete it and its copies, they may name people", highlight=False)
    else:
        assert purpose is not None
        wanted = Wanted(
            purpose,
            members,
            checkups,
            claims,
            guidance,
            screenings,
            profiles,
            withdrawn,
            updated,
            addressed,
            member or (),
            names or (),
            subjects,
        )
        windows = run_async(_open(home, deployment_of(deployment), officer or [], seconds, wanted))
    zones = "both zones" if len(windows) > 1 else f"the {windows[0].zone} zone"
    console.print(f"a window for {windows[0].purpose} is open at all hosts of {zones}")


@app.command("request")
def request_command(
    *,
    purpose: PurposeOption,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the signing request.", dir_okay=False)],
    members: MembersOption = 0,
    checkups: CheckupsOption = 0,
    claims: ClaimsOption = 0,
    guidance: GuidanceOption = 0,
    screenings: ScreeningsOption = 0,
    profiles: ProfilesOption = 0,
    withdrawn: WithdrawnOption = 0,
    updated: UpdatedOption = 0,
    addressed: AddressedOption = 0,
    member: MemberOption = None,
    names: NamesOption = None,
    subjects: SubjectsOption = None,
    seconds: SecondsOption = _SIGNING_SECONDS,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Write a request that two officers sign on their own machines (warifu-officer sign), one after the other."""
    wanted = Wanted(
        purpose,
        members,
        checkups,
        claims,
        guidance,
        screenings,
        profiles,
        withdrawn,
        updated,
        addressed,
        member or (),
        names or (),
        subjects,
    )
    run_async(_request(home, deployment_of(deployment), seconds, wanted, output))
    console.print(f"{output}: two officers sign it, then: warifu-registrar window open --request {output}", highlight=False)


@app.command("list")
def list_command(
    *,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no host what is left.")] = False,
) -> None:
    """List the open windows, and what each host says is left of them."""
    windows = run(lambda: window_store.listed(Home.load(home).windows))
    asked = {} if offline or not deployment.exists() else run_async(_left(deployment_of(deployment), windows))
    table = Table("purpose", "zone", "until (UTC)", "quotas", "left")
    for window in windows:
        until = datetime.fromtimestamp(window.expires, UTC).strftime("%Y-%m-%d %H:%M")
        quotas = "\n".join(f"{use} {quota}" for use, quota in window.quotas.items())
        left = "\n".join(f"{host}: {asked[host, window.id]}" for host in window.hosts if (host, window.id) in asked)
        table.add_row(window.purpose, window.zone, until, quotas, left)
    console.print(table)


@app.command("close")
def close_command(
    *, purpose: PurposeOption, home: HomeOption = DEFAULT_HOME, deployment: DeploymentOption = DEFAULT_DEPLOYMENT
) -> None:
    """Close every open window of a purpose at all hosts, and delete its keys."""
    closed = run_async(_close(home, deployment_of(deployment), purpose))
    console.print(f"{closed} windows closed", highlight=False)


async def _open(home: Path, deployment: Deployment, officers: list[Path], seconds: int, wanted: Wanted) -> list[Window]:
    chain = OfficerChain.load(home, deployment)
    signing = load_officers(officers, chain.current)
    opened = Home.load(home)
    async with Hosts(deployment) as hosts:
        session = Session(deployment, hosts, opened.windows, signing, seconds, listed=chain.current)
        async with _people(session, opened, wanted) as people:
            return await open_windows(session, wanted.purpose, _quotas(wanted, people), people.subjects if people else None)


async def _request(home: Path, deployment: Deployment, seconds: int, wanted: Wanted, output: Path) -> None:
    chain, opened = OfficerChain.load(home, deployment), Home.load(home)
    async with Hosts(deployment) as hosts:
        session = Session(deployment, hosts, opened.windows, (), seconds, listed=chain.current)
        async with _people(session, opened, wanted) as people:
            make_request(session, opened, chain, wanted.purpose, _quotas(wanted, people), people).save(output)


async def _open_request(home: Path, deployment: Deployment, path: Path) -> list[Window]:
    chain, opened = OfficerChain.load(home, deployment), Home.load(home)
    async with Hosts(deployment) as hosts:
        return await open_request(Session(deployment, hosts, opened.windows), opened, chain, path)


@asynccontextmanager
async def _people(session: Session, home: Home, wanted: Wanted) -> AsyncIterator[People | None]:
    """Yield whom a window is about, for the purposes about people; the roster is held meanwhile."""
    people = None
    with home.locked(), closing(home.roster()) as roster:
        if wanted.named:
            members = find_members(roster, wanted.named, session.deployment.insurer)
            people = await people_of(session, members, names_in(wanted.names, [member.current for member in members]))
        elif wanted.subjects:
            people = people_in(wanted.subjects)
        refuse_without_people(wanted.purpose, people, needed=wanted.purpose in WITH_SUBJECTS)
        yield people


def _quotas(wanted: Wanted, people: People | None) -> dict[Zone, dict[str, int]]:
    count = people.count if people else wanted.members
    return quotas_of(
        wanted.purpose,
        members=count,
        signing_in=count,
        indexed=count,
        checkups=wanted.checkups,
        claims=wanted.claims,
        guidance=wanted.guidance,
        screenings=wanted.screenings,
        profiles=wanted.profiles,
        withdrawn=wanted.withdrawn,
        updated=wanted.updated,
        addressed=wanted.addressed,
    )


async def _left(deployment: Deployment, windows: Sequence[Window]) -> dict[tuple[HostName, bytes], str]:
    async with Hosts(deployment) as hosts:

        async def one(host: HostName, window: Window) -> tuple[tuple[HostName, bytes], str]:
            try:
                left = (await hosts.left(host, window)).remaining
                said = ", ".join(f"{use} {count}" for use, count in left.items())
            except WindowClosed:
                said = "closed"
            except RegistrarError:
                said = "no answer"
            return (host, window.id), said

        return dict(await asyncio.gather(*(one(host, window) for window in windows for host in window.hosts)))


async def _close(home: Path, deployment: Deployment, purpose: Purpose) -> int:
    folder = Home.load(home).windows
    windows = [window for window in window_store.listed(folder) if window.purpose == purpose]
    async with Hosts(deployment) as hosts:
        for window in windows:
            await asyncio.gather(*(hosts.close_window(host, window) for host in window.hosts))
            window_store.forget(folder, [window])
    return len(windows)
