"""What officers whose key files are at the workstation are shown before anything is signed with them."""

from collections.abc import Sequence
from pathlib import Path

import typer
from protocol.deployment import Deployment
from protocol.manifest import WITH_SUBJECTS

from registrar.errors import OfficerError
from registrar.home import Home
from registrar.officer_cli.show import window_lines
from registrar.officer_cli.words import Lang, say
from registrar.officer_lists import OfficerChain
from registrar.officers import load_officers
from registrar.session import Approve, ToSign


def approval(home: Path, deployment: Deployment, officers: Sequence[Path], lang: Lang, *, yes: bool) -> Approve:
    """Return what shows each window in the words of ``warifu-officer show``, and asks unless the answer is known."""
    listed = OfficerChain.load(Home.load(home).path, deployment).current
    names = ", ".join(sorted(officer.id for officer in load_officers(officers, listed)))

    def approve(window: ToSign) -> None:
        for line in window_lines(window, deployment, lang, f"{say('signing', lang)}: {names}"):
            typer.echo(line)
        if any(manifest.purpose in WITH_SUBJECTS for manifest in window.manifests.values()):
            typer.echo(f"\n{say('word-here', lang)}")
        typer.echo()
        if not yes and not typer.confirm(say("sure", lang), default=False):
            raise OfficerError("not signed; what was signed for until then is done, and the rest stays due")

    return approve
