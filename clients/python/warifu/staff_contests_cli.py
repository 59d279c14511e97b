"""``warifu-staff contests``: who takes part, totals that nobody believes without a look, and corrected results."""

import secrets
from typing import Annotated

import typer
from protocol.encoding import EncodingError, b64u, unb64u
from protocol.messages.reviews import Adjust, Adjusted, HeldDay
from pydantic import ValidationError

from warifu.errors import InputRefused
from warifu.staff import StaffSession
from warifu.staff_terminal import DEFAULT_DEPLOYMENT, AuthenticatorOption, DeploymentOption, run

ContestArgument = Annotated[str, typer.Argument(help="A contest's id, as `list` shows it.")]
Reason = Annotated[str, typer.Option(help="Why. It is kept, so it names nobody.")]

app = typer.Typer(no_args_is_help=True, help="Contests: participation, totals that wait for a look, corrected results.")


@app.command("list")
def contests(authenticator: AuthenticatorOption, deployment: DeploymentOption = DEFAULT_DEPLOYMENT) -> None:
    """List contests, those that end last first."""
    run(deployment, authenticator, contest_lines)


@app.command()
def participation(
    contest: ContestArgument, authenticator: AuthenticatorOption, deployment: DeploymentOption = DEFAULT_DEPLOYMENT
) -> None:
    """Say how many take part, for teams of ten or more."""
    name = _name(contest)
    run(deployment, authenticator, lambda session: participation_lines(session, name))


@app.command()
def held(contest: ContestArgument, authenticator: AuthenticatorOption, deployment: DeploymentOption = DEFAULT_DEPLOYMENT) -> None:
    """List totals above 60,000 steps, those that nobody has looked at first. Whose they are is not told."""
    name = _name(contest)
    run(deployment, authenticator, lambda session: held_lines(session, name))


@app.command()
def decide(
    contest: ContestArgument,
    review: Annotated[str, typer.Argument(help="The total's name, as `held` shows it.")],
    steps: Annotated[int, typer.Argument(help="The total that you looked at: another one since then is not decided.")],
    authenticator: AuthenticatorOption,
    *,
    accept: Annotated[bool, typer.Option("--accept/--decline", help="Whether it counts.")],
    reason: Reason,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Let a total that waits count, or not."""
    where, name = _name(contest), _name(review)
    run(
        deployment,
        authenticator,
        lambda session: decided_lines(session, where, name, steps, accepted=accept, reason=reason),
    )


@app.command()
def adjustments(
    contest: ContestArgument, authenticator: AuthenticatorOption, deployment: DeploymentOption = DEFAULT_DEPLOYMENT
) -> None:
    """List corrections of a result: who, why, before and after."""
    name = _name(contest)
    run(deployment, authenticator, lambda session: adjustment_lines(session, name))


@app.command()
def adjust(
    contest: ContestArgument,
    team: Annotated[str, typer.Argument(help="The team's id, as `participation` shows it.")],
    steps: Annotated[int, typer.Argument(help="Its counted steps from now on.")],
    authenticator: AuthenticatorOption,
    reason: Reason,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Correct a team's steps in a result that stands. Everybody sees that it was corrected."""
    try:
        asked = Adjust(contest=_name(contest), id=secrets.token_bytes(16), team=_name(team), steps=steps, reason=reason)
    except ValidationError:
        raise typer.BadParameter("steps that are not negative and a reason are needed") from None
    run(deployment, authenticator, lambda session: adjusted_lines(session, asked))


async def contest_lines(session: StaffSession) -> list[str]:
    """Return a line a contest."""
    return [f"{b64u(one.id)} {one.first} - {one.last}: {one.title}" for one in await session.contests()]


async def participation_lines(session: StaffSession, contest: bytes) -> list[str]:
    """Return a line a team."""
    found = await session.participation(contest)
    return [f"{b64u(one.team)} {one.name or '-'}: {one.participation} % of {one.eligible}" for one in found]


async def held_lines(session: StaffSession, contest: bytes) -> list[str]:
    """Return a line a total."""
    return [_held(one) for one in await session.held_days(contest)]


async def decided_lines(
    session: StaffSession, contest: bytes, review: bytes, steps: int, *, accepted: bool, reason: str
) -> list[str]:
    """Decide about a total as it was seen, and return what stands then; raise ``InputRefused`` where it is not there."""
    found = next((one for one in await session.held_days(contest) if (one.review, one.steps) == (review, steps)), None)
    if found is None:
        raise InputRefused("held", "no such total waits in this contest, or it is another one by now")
    await session.decide_held(found, accepted=accepted, reason=reason)
    return [_held(one) for one in await session.held_days(contest) if one.review == review]


async def adjustment_lines(session: StaffSession, contest: bytes) -> list[str]:
    """Return a line a correction."""
    return [_adjusted(one) for one in await session.adjustments(contest)]


async def adjusted_lines(session: StaffSession, asked: Adjust) -> list[str]:
    """Correct, and return what stands then."""
    await session.adjust(asked)
    return [_adjusted(one) for one in await session.adjustments(asked.contest) if one.id == asked.id]


def _held(one: HeldDay) -> str:
    state = (
        "waits" if one.accepted is None else f"{'counts' if one.accepted else 'does not count'} ({one.reason}; {one.decided_by})"
    )
    return f"{b64u(one.review)} {one.day}: {one.steps} steps, {state}"


def _adjusted(one: Adjusted) -> str:
    return f"{b64u(one.team)} {one.made}: {one.before} -> {one.after} steps ({one.reason}; {one.made_by})"


def _name(text: str) -> bytes:
    try:
        return unb64u(text, 16)
    except EncodingError:
        raise typer.BadParameter("an id has 22 characters") from None
