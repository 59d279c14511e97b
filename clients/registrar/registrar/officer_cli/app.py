"""The commands of ``warifu-officer``."""

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from protocol.deployment import Deployment, OfficerList
from protocol.deployment import Officer as Listed
from protocol.encoding import EncodingError, b64u, unb64u
from protocol.messages.base import Message
from protocol.messages.officers import Officers, WindowsHere
from protocol.names import HOSTS, HostName
from protocol.officers import OfficersRefused, SignedOfficerList, SignedOfficerRequest
from protocol.signed_lists import Entry
from protocol.signing import SigningKey
from pydantic import ValidationError

from registrar import proposals, signing_request
from registrar.errors import HostError, HostUnreachable, OfficerError, RequestRefused
from registrar.hosts import Hosts
from registrar.officer_cli.show import change_lines, request_lines, staff_lines, state_line, supplier_lines
from registrar.officer_cli.words import Lang, refusal, say
from registrar.officers import Officer, load_key
from registrar.proposals import Proposal
from registrar.secret_files import write_private
from registrar.signed_lists import ListChange, ListKind
from registrar.signing_request import SigningRequest
from registrar.staff_lists import STAFF
from registrar.supplier_lists import SUPPLIERS
from registrar.terminal import (
    DEFAULT_DEPLOYMENT,
    DEFAULT_LANG,
    DeploymentOption,
    LangOption,
    YesOption,
    complain,
    deployment_of,
    run,
    run_async,
)
from registrar.windows import now_seconds

app = typer.Typer(
    help="An officer's keys and signatures, on the officer's own machine.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
officers_app = typer.Typer(help="The officers' list: two officers add and remove others.", no_args_is_help=True)
app.add_typer(officers_app, name="officers")
staff_app = typer.Typer(help="The staff list: two officers say whose passkeys open sessions at the stores.", no_args_is_help=True)
app.add_typer(staff_app, name="staff")
suppliers_app = typer.Typer(help="Suppliers: two officers say to whose keys addresses are sealed.", no_args_is_help=True)
app.add_typer(suppliers_app, name="suppliers")

T = TypeVar("T")
E = TypeVar("E", bound=Entry)
P = TypeVar("P", bound=Message)
KeyOption = Annotated[Path, typer.Option("--key", help="Your key file.", exists=True, dir_okay=False)]
FileArgument = Annotated[Path, typer.Argument(help="The file you were given.", exists=True, dir_okay=False)]


@app.command()
def keygen(
    file: Annotated[Path, typer.Argument(help="Where to write the key file.", dir_okay=False)],
    officer: Annotated[str, typer.Option("--id", help="What you are called on the list: a short plain word.")],
    *,
    lang: LangOption = DEFAULT_LANG,
) -> None:
    """Make a key file (mode 600), and print id and public key for the registrar."""
    if file.exists():
        complain(f"{file} is there already, and a key is never overwritten")
        raise typer.Exit(1)
    seed = os.urandom(32)
    key = SigningKey(seed)
    run(lambda: _plain_id(officer, key))
    write_private(file, b64u(seed))
    typer.echo(say("keygen", lang))
    typer.echo(f"{officer}={b64u(key.public_bytes)}")


@app.command()
def show(file: FileArgument, *, lang: LangOption = DEFAULT_LANG, deployment: DeploymentOption = DEFAULT_DEPLOYMENT) -> None:
    """Say in plain words what a signing request asks for, after checking it."""
    _shown(file, deployment_of(deployment), lang)


@app.command()
def sign(
    file: FileArgument,
    key: KeyOption,
    *,
    yes: YesOption = False,
    lang: LangOption = DEFAULT_LANG,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Show a signing request, ask, and sign both zones' manifests into the file."""
    request, reading = _shown(file, deployment_of(deployment), lang)
    officer = _known(key, reading.chain.current, lang)
    _ask(lang, yes=yes)
    signed = {place: zone.signed.signed_by(officer.id, officer.key) for place, zone in enumerate(request.zones)}
    request = request.with_signatures(signed)
    request.save(file)
    typer.echo(say("signed", lang, officer=officer.id, count=min(len(zone.signatures) for zone in request.zones)))


@officers_app.command("sign")
def sign_officers(
    file: FileArgument,
    key: KeyOption,
    *,
    yes: YesOption = False,
    lang: LangOption = DEFAULT_LANG,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Show the officers' next list, ask, and sign it into the file."""
    proposal = _read(lambda: Proposal.load(file), lang)
    change = _read(lambda: proposals.read(proposal, deployment_of(deployment)), lang)
    for line in change_lines(change, lang):
        typer.echo(line)
    officer = _known(key, change.chain.current, lang)
    if officer.key.public_bytes not in {one.key for one in change.may_sign}:
        _refuse("own-change", lang)
    _ask(lang, yes=yes)
    signed = proposal.signed.signed_by(officer.id, officer.key)
    proposed = Officers(officers=signed.raw, signatures=signed.signatures)
    proposal.model_copy(update={"proposed": proposed}).save(file)
    typer.echo(say("signed", lang, officer=officer.id, count=len(signed.signatures)))


@staff_app.command("sign")
def sign_staff(
    file: FileArgument,
    key: KeyOption,
    *,
    yes: YesOption = False,
    lang: LangOption = DEFAULT_LANG,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Show the next staff list, ask, and sign it into the file."""
    _sign_list(STAFF, staff_lines, _Asked(file, key, lang, deployment, yes=yes))


@suppliers_app.command("sign")
def sign_suppliers(
    file: FileArgument,
    key: KeyOption,
    *,
    yes: YesOption = False,
    lang: LangOption = DEFAULT_LANG,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Show the next list of suppliers, ask, and sign it into the file."""
    _sign_list(SUPPLIERS, supplier_lines, _Asked(file, key, lang, deployment, yes=yes))


@app.command()
def windows(key: KeyOption, *, lang: LangOption = DEFAULT_LANG, deployment: DeploymentOption = DEFAULT_DEPLOYMENT) -> None:
    """Show what is open at each host, and what is left of it."""
    found = run_async(_ask_hosts(deployment_of(deployment), run(lambda: load_key(key)), None))
    for host in HOSTS:
        answer = found[host]
        typer.echo(f"{host}:")
        if isinstance(answer, HostError):
            typer.echo(f"  {_said(answer, lang)}")
            continue
        for state in answer.windows:
            typer.echo(state_line(state, lang))
        if not answer.windows:
            typer.echo(f"  {say('no-window', lang)}")
    _end_with([answer for answer in found.values() if isinstance(answer, HostError)])


@app.command()
def close(
    window: Annotated[str, typer.Argument(help="The window's id, as warifu-officer windows shows it.")],
    key: KeyOption,
    *,
    lang: LangOption = DEFAULT_LANG,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Close a window for good, at every host that has it."""
    try:
        window_id = unb64u(window, 16)
    except EncodingError:
        raise typer.BadParameter("a window's id has 22 characters") from None
    found = run_async(_ask_hosts(deployment_of(deployment), run(lambda: load_key(key)), window_id))
    hosts = [host for host, answer in found.items() if not isinstance(answer, HostError)]
    typer.echo(say("closed-at", lang, hosts=", ".join(hosts) or "-"))
    elsewhere = [answer for answer in found.values() if isinstance(answer, HostError) and answer.problem != "window-not-here"]
    for answer in elsewhere:
        complain(f"{answer.host}: {_said(answer, lang)}")
    if not hosts:
        raise typer.Exit(1)
    _end_with(elsewhere)


Answers = dict[HostName, WindowsHere | HostError]


async def _ask_hosts(deployment: Deployment, key: SigningKey, close_id: bytes | None) -> Answers:
    async with Hosts(deployment) as hosts:

        async def one(host: HostName) -> tuple[HostName, WindowsHere | HostError]:
            try:
                name = await _name_at(hosts, host, key, deployment.sorted_origins)
                request = SignedOfficerRequest.make(name, key, deployment.origins[host], now_seconds(), close_id)
                return host, await hosts.officer(host, request)
            except HostError as error:
                return host, error

        return dict(await asyncio.gather(*(one(host) for host in HOSTS)))


async def _name_at(hosts: Hosts, host: HostName, key: SigningKey, origins: Sequence[str]) -> Listed:
    """Return how this key is called at a host. Nobody has to be believed for that: the signature is by the key."""
    answer = await hosts.officers(host)
    try:
        listed = SignedOfficerList(answer.officers, {}).read(origins).officers
    except OfficersRefused:
        raise HostError(host, 200, "officers") from None
    found = next((one for one in listed if one.key == key.public_bytes), None)
    if found is None:
        raise HostError(host, 401, "officer-refused")
    return found


@dataclass(frozen=True)
class _Asked:
    """What an officer's command was given."""

    file: Path
    key: Path
    lang: Lang
    deployment: Path
    yes: bool = field(kw_only=True)


def _sign_list(kind: ListKind[E, P], lines: Callable[[ListChange[E], Lang], Iterable[str]], asked: _Asked) -> None:
    """Show the next list of a kind, ask, and sign it into the file."""
    proposal = _read(lambda: kind.load_proposal(asked.file), asked.lang)
    change = _read(lambda: kind.read(proposal, deployment_of(asked.deployment)), asked.lang)
    for line in lines(change, asked.lang):
        typer.echo(line)
    officer = _known(asked.key, change.chain.current, asked.lang)
    _ask(asked.lang, yes=asked.yes)
    proposal, count = kind.signed_by(proposal, officer)
    proposal.save(asked.file)
    typer.echo(say("signed", asked.lang, officer=officer.id, count=count))


def _shown(file: Path, deployment: Deployment, lang: Lang) -> tuple[SigningRequest, signing_request.Reading]:
    request = _read(lambda: SigningRequest.load(file), lang)
    reading = _read(lambda: signing_request.read(request, deployment, now_seconds()), lang)
    for line in request_lines(reading, deployment, lang):
        typer.echo(line)
    return request, reading


def _known(file: Path, listed: OfficerList, lang: Lang) -> Officer:
    key = run(lambda: load_key(file))
    name = next((one.id for one in listed.officers if one.key == key.public_bytes), None)
    if name is None:
        _refuse("not-listed", lang)
    return Officer(name, key)


def _ask(lang: Lang, *, yes: bool) -> None:
    if not yes and not typer.confirm(say("sure", lang), default=False):
        typer.echo(say("not-signed", lang))
        raise typer.Exit(1)


def _read(work: Callable[[], T], lang: Lang) -> T:
    """Do it; end with a sentence in the officer's language when the file is refused."""
    refused = ""

    def tried() -> T | None:
        nonlocal refused
        try:
            return work()
        except RequestRefused as error:
            refused = error.code
            return None

    found = run(tried)
    if found is None:
        _refuse(refused, lang)
    return found


def _refuse(code: str, lang: Lang) -> NoReturn:
    complain(refusal(code, lang))
    raise typer.Exit(1)


def _said(error: HostError, lang: Lang) -> str:
    if error.problem == "officer-refused":
        return refusal("not-listed", lang)
    return say("no-answer", lang) if isinstance(error, HostUnreachable) else error.problem


def _end_with(failed: Sequence[HostError]) -> None:
    if failed:
        raise typer.Exit(1)


def _plain_id(officer: str, key: SigningKey) -> None:
    try:
        Listed(id=officer, key=key.public_bytes)
    except ValidationError:
        raise OfficerError("--id is a short plain word: small letters, digits, dots and hyphens") from None
