"""New ways in for members whom the hosts know: by enrolment while nobody ever signed in, by a recovery after that.

Who has signed in is known to the hosts alone. So enrolment is tried first, and whoever turns out to have signed in is recovered.
Each step may be repeated; the last host to be told is the gateway, without which nobody comes in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from protocol.messages.enrolment import Enrol, Enrolled, Enrolment
from protocol.messages.life_events import Recover, Recovering, Recovery
from protocol.messages.verifiers import LetterVerifier, OidcVerifier
from protocol.names import AuthorityName

from .batches import ROUND_ROWS, batches, cut
from .enrolments import without_refused
from .hosts import encode
from .listed import Listed, open_listed
from .progress import Stage
from .roster_member import Member
from .run import Run
from .windows import Window, quotas_of

Ways = Sequence[OidcVerifier | LetterVerifier]
ORDER: tuple[AuthorityName, ...] = ("keyvault", "identity", "gateway")
_SIGNED_IN = "already-released"


@dataclass(frozen=True, repr=False)
class Grant:
    """A member and what they are to be recognised by; a letter's key is another at each authority."""

    member: Member
    ways: Mapping[AuthorityName, Ways]


@dataclass
class Granted:
    """What became of grants, by keyvault reference."""

    now: set[bytes] = field(default_factory=set)
    """In effect at once."""
    later: dict[bytes, int] = field(default_factory=dict)
    """In effect from a time on (seconds since 1970)."""
    refused: dict[bytes, str] = field(default_factory=dict)


async def grant(run: Run, grants: Sequence[Grant], stage: Stage) -> Granted:
    """Give everybody their new ways in at all three authorities; the stage counts members."""
    granted = Granted()
    for piece in cut(grants, ROUND_ROWS):
        signed_in = [one for one in piece if one.member.released]
        fresh = [one for one in piece if not one.member.released]
        if fresh:
            signed_in += await _enrol(run, fresh, granted, stage)
        if signed_in:
            await _recover(run, signed_in, granted, stage)
    return granted


async def _enrol(run: Run, grants: Sequence[Grant], granted: Granted, stage: Stage) -> list[Grant]:
    """Enrol those who never signed in; return those who did."""
    windows = await run.session.windows("enrol", quotas_of("enrol", members=len(grants)))
    left, signed_in = list(grants), []
    for host in ORDER:
        refused = await _enrol_at(run, windows.named, host, left)
        signed_in += [one for one in left if refused.get(_key(one)) == _SIGNED_IN]
        granted.refused |= {key: code for key, code in refused.items() if code != _SIGNED_IN}
        left = [one for one in left if _key(one) not in refused]
    granted.now |= {_key(one) for one in left}
    stage.add(len(grants) - len(signed_in))
    return signed_in


async def _enrol_at(run: Run, window: Window, host: AuthorityName, grants: Sequence[Grant]) -> dict[bytes, str]:
    async def one(batch: list[Grant]) -> None:
        rows = tuple(_enrolment(each, host) for each in batch)
        await run.session.hosts.call(host, window, "/enrolments", encode(Enrol(rows=rows)), Enrolled)

    refused: dict[bytes, str] = {}
    for batch in batches(grants, lambda each: each.member.refs[host]):
        refused |= {_key(each): code for each, code in await without_refused(batch, one)}
    return refused


async def _recover(run: Run, grants: Sequence[Grant], granted: Granted, stage: Stage) -> None:
    refs: Listed = {host: [(one.member, one.member.refs[host]) for one in grants] for host in ORDER}
    window = (await open_listed(run.session, "recover", refs))["named"]
    left = list(grants)
    for host in ORDER:
        refused = await _recover_at(run, window, host, left, granted)
        granted.refused |= refused
        left = [one for one in left if _key(one) not in refused]
    granted.later = {key: at for key, at in granted.later.items() if key not in granted.refused}
    stage.add(len(grants))


async def _recover_at(run: Run, window: Window, host: AuthorityName, grants: Sequence[Grant], granted: Granted) -> dict[bytes, str]:
    async def one(batch: list[Grant]) -> None:
        rows = tuple(_recovery(each, host, window) for each in batch)
        answer = await run.session.hosts.call(host, window, "/recoveries", encode(Recover(rows=rows)), Recovering)
        for each, at in zip(batch, answer.not_before, strict=True):
            granted.later[_key(each)] = max(at, granted.later.get(_key(each), 0))

    refused: dict[bytes, str] = {}
    for batch in batches(grants, lambda each: each.member.refs[host]):
        refused |= {_key(each): code for each, code in await without_refused(batch, one)}
    return refused


def _enrolment(one: Grant, host: AuthorityName) -> Enrolment:
    refs = one.member.refs
    pairwise = {"keyvault": refs["keyvault"], "identity": refs["identity"]} if host == "gateway" else None
    return Enrolment(ref=refs[host], verifiers=tuple(one.ways[host]), pairwise=pairwise)


def _recovery(one: Grant, host: AuthorityName, window: Window) -> Recovery:
    ref = one.member.refs[host]
    return Recovery(ref=ref, subject=window.subject(host, ref), verifiers=tuple(one.ways[host]))


def _key(one: Grant) -> bytes:
    return one.member.refs["keyvault"]
