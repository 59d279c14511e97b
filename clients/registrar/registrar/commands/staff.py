"""``warifu-registrar staff``."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from protocol import strict_json
from protocol.deployment import Deployment
from protocol.messages.staff import PutStaffList, StaffEnrolment
from protocol.names import STORES, StoreName
from protocol.staff import ROLES, Role, StaffPasskey
from pydantic import TypeAdapter, ValidationError

from registrar.errors import HostError, OfficerError, RegistrarError
from registrar.home import DEFAULT_HOME, Home
from registrar.hosts import Hosts
from registrar.officer_lists import OfficerChain
from registrar.signed_lists import Proposal
from registrar.staff_lists import STAFF, entry
from registrar.terminal import DEFAULT_DEPLOYMENT, DeploymentOption, HomeOption, console, deployment_of, run, run_async

app = typer.Typer(help="Staff at the stores: two officers list whose passkeys open sessions.", no_args_is_help=True)
_GRANT: TypeAdapter[tuple[StoreName, Role]] = TypeAdapter(tuple[StoreName, Role])


@app.command()
def propose(
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the proposal.", dir_okay=False)],
    add: Annotated[Path | None, typer.Option(help="A colleague's enrolment file.", exists=True, dir_okay=False)] = None,
    name: Annotated[str, typer.Option("--as", help="What the passkey is called: a short plain word, no name.")] = "",
    role: Annotated[list[str] | None, typer.Option(help=f"STORE=ROLE; roles are {', '.join(ROLES)}.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="What a passkey is called that goes.")] = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Write the next staff list for two officers to sign (warifu-officer staff sign)."""
    public = deployment_of(deployment)
    run(lambda: _propose(home, public, [_entry(add, name, role or [])] if add else [], remove or []).save(output))
    console.print(f"{output}: two officers sign it, then: warifu-registrar staff publish {output}", highlight=False)


@app.command()
def publish(
    file: Annotated[Path | None, typer.Argument(help="A proposal that two officers signed.", dir_okay=False)] = None,
    *,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Give both stores the next staff list; without a file the last one again. Every session of staff ends with a new list."""
    public = deployment_of(deployment)
    listed = run(lambda: STAFF.publish_from(Home.load(home).path, public, file))
    numbers, failed = run_async(_publish(public, listed))
    for store, number in numbers.items():
        console.print(f"{store}: staff list {number}", highlight=False)
    if failed:
        run(lambda: _fail(failed))


def _propose(home: Path, deployment: Deployment, add: list[StaffPasskey], remove: list[str]) -> Proposal[PutStaffList]:
    chain = OfficerChain.load(home, deployment)
    return STAFF.propose(chain, deployment, STAFF.load(home), add, remove)


def _entry(file: Path, name: str, texts: list[str]) -> StaffPasskey:
    roles: dict[StoreName, list[Role]] = {}
    for place, text in enumerate(texts, 1):
        try:
            store, role = _GRANT.validate_python(tuple(text.split("=")))
        except ValidationError:
            raise OfficerError(f"--role number {place} is not STORE=ROLE") from None
        roles.setdefault(store, []).append(role)
    try:
        enrolment = StaffEnrolment.model_validate(strict_json.loads_object(file.read_bytes()))
    except (ValidationError, strict_json.JsonRefused):
        raise OfficerError(f"{file} is no colleague's enrolment file") from None
    return entry(name, enrolment, roles)


async def _publish(deployment: Deployment, listed: PutStaffList) -> tuple[dict[StoreName, int], dict[StoreName, str]]:
    """Give both stores the list; return the list that each goes by now, and why another did not take it."""
    numbers: dict[StoreName, int] = {}
    failed: dict[StoreName, str] = {}

    async def one(hosts: Hosts, store: StoreName) -> None:
        try:
            numbers[store] = (await hosts.publish_staff(store, listed)).number
        except HostError as error:
            failed[store] = error.problem

    async with Hosts(deployment) as hosts:
        await asyncio.gather(*(one(hosts, store) for store in STORES))
    return {store: numbers[store] for store in STORES if store in numbers}, failed


def _fail(failed: dict[StoreName, str]) -> None:
    said = ", ".join(f"{store} ({problem})" for store, problem in sorted(failed.items()))
    raise RegistrarError(f"not taken by {said}")
