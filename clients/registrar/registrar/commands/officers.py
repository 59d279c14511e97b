"""``warifu-registrar officers``."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from protocol.deployment import Deployment
from protocol.encoding import EncodingError, b64u, unb64u
from protocol.names import HOSTS, HostName
from rich.table import Table

from registrar import proposals
from registrar.errors import HostError, OfficerError, RegistrarError, RequestRefused
from registrar.home import DEFAULT_HOME, Home
from registrar.hosts import Hosts
from registrar.officer_lists import OfficerChain
from registrar.proposals import Proposal
from registrar.terminal import DEFAULT_DEPLOYMENT, DeploymentOption, HomeOption, console, deployment_of, run, run_async

app = typer.Typer(help="The officers' list: two officers add and remove others.", no_args_is_help=True)


@app.command("list")
def list_command(*, home: HomeOption = DEFAULT_HOME, deployment: DeploymentOption = DEFAULT_DEPLOYMENT) -> None:
    """Show the officers of the current list."""
    chain = run(lambda: OfficerChain.load(home, deployment_of(deployment)))
    table = Table("officer", "public key", title=f"list {chain.current.number}")
    for officer in chain.current.officers:
        table.add_row(officer.id, b64u(officer.key))
    console.print(table)


@app.command()
def propose(
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the proposal.", dir_okay=False)],
    add: Annotated[
        list[str] | None, typer.Option(help="Somebody new: id=PUBLIC_KEY, as warifu-officer keygen prints them.")
    ] = None,
    remove: Annotated[list[str] | None, typer.Option(help="An officer's id.")] = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Write the next list for two officers to sign (warifu-officer officers sign), who stay as they are."""
    public = deployment_of(deployment)
    run(lambda: _propose(home, public, add or [], remove or []).save(output))
    console.print(f"{output}: two officers who stay sign it, then: warifu-registrar officers publish {output}", highlight=False)


@app.command()
def publish(
    file: Annotated[Path | None, typer.Argument(help="A proposal that two officers signed.", dir_okay=False)] = None,
    *,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Give all hosts the next list; without a file, give them every list again: hosts that were restored are behind."""
    public = deployment_of(deployment)
    chain = run(lambda: _taken(Home.load(home).path, public, file))
    numbers, silent = run_async(_publish(public, chain))
    for host, number in numbers.items():
        console.print(f"{host}: list {number}", highlight=False)
    if silent:
        run(lambda: _fail(silent))


def _propose(home: Path, deployment: Deployment, add: list[str], remove: list[str]) -> Proposal:
    added = {}
    for place, text in enumerate(add, 1):
        name, _, key = text.partition("=")
        try:
            added[name] = unb64u(key, 32)
        except EncodingError:
            raise OfficerError(f"--add number {place} is not id=PUBLIC_KEY") from None
    return proposals.propose(OfficerChain.load(home, deployment), deployment, added, remove)


def _taken(home: Path, deployment: Deployment, file: Path | None) -> OfficerChain:
    """Return the chain, with the proposal at its end and kept in the home if one is given."""
    chain = OfficerChain.load(home, deployment)
    if file is None:
        return chain
    proposal = Proposal.load(file)
    if proposal.proposed.officers in {one.raw for one in chain.later}:
        return chain
    if proposal.officers != chain.messages:
        raise RequestRefused("list-number")
    chain = chain.followed_by(proposal.signed, deployment)
    chain.save(home)
    return chain


async def _publish(deployment: Deployment, chain: OfficerChain) -> tuple[dict[HostName, int], list[HostName]]:
    """Give every host every list in turn; return the list that each goes by now, and the hosts that did not answer."""
    numbers: dict[HostName, int] = {}
    silent: list[HostName] = []

    async def one(hosts: Hosts, host: HostName) -> None:
        numbers[host] = deployment.officers.number
        try:
            for officers in chain.messages:
                numbers[host] = (await hosts.publish(host, officers)).number
        except HostError:
            del numbers[host]
            silent.append(host)

    async with Hosts(deployment) as hosts:
        await asyncio.gather(*(one(hosts, host) for host in HOSTS))
    return {host: numbers[host] for host in HOSTS if host in numbers}, silent


def _fail(silent: list[HostName]) -> None:
    raise RegistrarError(f"not taken by {', '.join(silent)}; run the same again when they answer")
