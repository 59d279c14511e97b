"""``warifu-staff points``: budgets, grants, books, corrections, and orders for suppliers."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, get_args

import typer
from protocol.encoding import EncodingError, b64u, unb64u
from protocol.messages.exchange import Open
from protocol.messages.point_corrections import Correction, ProposeCorrection
from pydantic import TypeAdapter, ValidationError

from warifu.staff_points import PointsDesk
from warifu.staff_terminal import DEFAULT_DEPLOYMENT, AuthenticatorOption, DeploymentOption, Output, run, write

Work = Callable[[PointsDesk], Awaitable[list[str]]]
_OPEN: TypeAdapter[Open] = TypeAdapter(Open)

app = typer.Typer(no_args_is_help=True, help="Points: budgets, grants, books, corrections by two, orders for suppliers.")


@app.command()
def budgets(authenticator: AuthenticatorOption, deployment: DeploymentOption = DEFAULT_DEPLOYMENT) -> None:
    """Say what each rule may grant in this fiscal year, and what it has granted."""
    _run(deployment, authenticator, budget_lines)


@app.command()
def books(authenticator: AuthenticatorOption, deployment: DeploymentOption = DEFAULT_DEPLOYMENT) -> None:
    """Say whether the books agree, with themselves and with the orders."""
    _run(deployment, authenticator, book_lines)


@app.command()
def accounts(authenticator: AuthenticatorOption, output: Output, deployment: DeploymentOption = DEFAULT_DEPLOYMENT) -> None:
    """Write debits and credits by month and account for accounting."""
    _run(deployment, authenticator, lambda desk: write(output, desk.accounts_csv()))


@app.command()
def orders(
    supplier: str,
    authenticator: AuthenticatorOption,
    output: Output,
    state: Annotated[str, typer.Option(help=f"One of {', '.join(get_args(Open))}.")] = "placed",
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Write a supplier's orders for them; addresses stay sealed."""
    try:
        wanted = _OPEN.validate_python(state)
    except ValidationError:
        raise typer.BadParameter("no such state", param_hint="--state") from None
    _run(deployment, authenticator, lambda desk: write(output, desk.orders_csv(supplier, wanted)))


@app.command()
def grant(
    rule: str,
    first: datetime,
    last: datetime,
    authenticator: AuthenticatorOption,
    *,
    really: Annotated[bool, typer.Option("--really", help="Grant; without it only say what that would be.")] = False,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Give everybody what a rule gives for a period."""
    _run(deployment, authenticator, lambda desk: grant_lines(desk, rule, first, last, really=really))


@app.command()
def corrections(authenticator: AuthenticatorOption, deployment: DeploymentOption = DEFAULT_DEPLOYMENT) -> None:
    """List corrections, those to be decided first."""
    _run(deployment, authenticator, correction_lines)


@app.command()
def correct(
    about: Annotated[str, typer.Argument(help="The name that the member told, of a case or of an order.")],
    amount: Annotated[int, typer.Argument(help="Points to the member; negative: from the member.")],
    authenticator: AuthenticatorOption,
    reason: Annotated[str, typer.Option(help="Why. It stays in the books, so it names nobody.")],
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Propose a correction; another of the staff decides."""
    try:
        asked = ProposeCorrection(id=secrets.token_bytes(16), about=unb64u(about), amount=amount, reason=reason)
    except (EncodingError, ValidationError):
        raise typer.BadParameter("a name has 22 characters, an amount and a reason are needed") from None
    _run(deployment, authenticator, lambda desk: proposed_lines(desk, asked))


@app.command()
def decide(
    correction: Annotated[str, typer.Argument(help="Its id, as `corrections` lists it.")],
    authenticator: AuthenticatorOption,
    *,
    approve: Annotated[bool, typer.Option("--approve/--decline", help="Whether it is made.")],
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Approve or decline what somebody else proposed."""
    try:
        name = unb64u(correction)
    except EncodingError:
        raise typer.BadParameter("an id has 22 characters") from None
    _run(deployment, authenticator, lambda desk: decided_lines(desk, name, approved=approve))


async def budget_lines(desk: PointsDesk) -> list[str]:
    """Return a line a rule."""
    found = await desk.budgets()
    return [f"{one.rule}: {one.granted} of {one.budget} points in fiscal year {one.fiscal_year}" for one in found]


async def book_lines(desk: PointsDesk) -> list[str]:
    """Return what the books say."""
    said = await desk.books()
    sides = [f"{one.fiscal_year} {one.side} {one.party}: {one.points}" for one in said.sides]
    return ["the books agree" if said.agree else f"THE BOOKS DO NOT AGREE: {said.model_dump_json(exclude={'sides'})}", *sides]


async def grant_lines(desk: PointsDesk, rule: str, first: datetime, last: datetime, *, really: bool) -> list[str]:
    """Return what a run granted, or would."""
    run = await desk.grant(rule, first.date(), last.date(), dry=not really)
    who = "fewer than 10" if run.members is None else f"about {run.members}"
    return [f"{'granted to' if run.done else 'would be granted to'} {who} members; {run.budget_left} points of the budget are left"]


async def correction_lines(desk: PointsDesk) -> list[str]:
    """Return a line a correction."""
    return [_line(one) for one in await desk.corrections()]


async def proposed_lines(desk: PointsDesk, asked: ProposeCorrection) -> list[str]:
    """Propose, and return what stands then."""
    return [_line(await desk.propose(asked))]


async def decided_lines(desk: PointsDesk, name: bytes, *, approved: bool) -> list[str]:
    """Decide, and return what stands then."""
    return [_line(await desk.decide(name, approved=approved))]


def _line(one: Correction) -> str:
    by = f"{one.proposed_by}, {one.decided_by}" if one.decided_by else one.proposed_by
    return f"{b64u(one.id)} {one.state}: {one.amount:+d} points for {b64u(one.about)} ({one.reason}; {by})"


def _run(deployment: Path, authenticator: str, work: Work) -> None:
    run(deployment, authenticator, lambda session: work(PointsDesk(session)))
