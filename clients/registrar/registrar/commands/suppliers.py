"""``warifu-registrar suppliers``."""

from pathlib import Path
from typing import Annotated

import typer
from protocol.deployment import Deployment
from protocol.messages.exchange import PutSuppliers

from registrar.home import DEFAULT_HOME, Home
from registrar.hosts import Hosts
from registrar.officer_lists import OfficerChain
from registrar.signed_lists import Proposal
from registrar.supplier_lists import SUPPLIERS, entry
from registrar.terminal import DEFAULT_DEPLOYMENT, DeploymentOption, HomeOption, console, deployment_of, run, run_async

app = typer.Typer(help="Suppliers: two officers list to whose keys addresses are sealed.", no_args_is_help=True)


@app.command()
def propose(
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the proposal.", dir_okay=False)],
    add: Annotated[list[Path] | None, typer.Option(help="A supplier's file.", exists=True, dir_okay=False)] = None,
    remove: Annotated[list[str] | None, typer.Option(help="Id of a supplier that goes.")] = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Write the next list of suppliers for two officers to sign (warifu-officer suppliers sign)."""
    public = deployment_of(deployment)
    run(lambda: _propose(home, public, add or [], remove or []).save(output))
    console.print(f"{output}: two officers sign it, then: warifu-registrar suppliers publish {output}", highlight=False)


@app.command()
def publish(
    file: Annotated[Path | None, typer.Argument(help="A proposal that two officers signed.", dir_okay=False)] = None,
    *,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Give programs the next list of suppliers; without a file the last one again."""
    public = deployment_of(deployment)
    listed = run(lambda: SUPPLIERS.publish_from(Home.load(home).path, public, file))
    run_async(_publish(public, listed))
    console.print("programs has the list of suppliers", highlight=False)


def _propose(home: Path, deployment: Deployment, add: list[Path], remove: list[str]) -> Proposal[PutSuppliers]:
    chain = OfficerChain.load(home, deployment)
    return SUPPLIERS.propose(chain, deployment, SUPPLIERS.load(home), [entry(path) for path in add], remove)


async def _publish(deployment: Deployment, listed: PutSuppliers) -> None:
    async with Hosts(deployment) as hosts:
        await hosts.publish_suppliers(listed)
