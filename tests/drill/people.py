"""Everybody whom the insurer enrolled, as its own files and roster have them."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from local import population
from local.layout import Layout
from protocol.derive import hkdf
from protocol.encoding import lp, unb64u
from protocol.member import MemberNumber
from protocol.names import AUTHORITIES, STORES, AuthorityName, StoreName
from protocol.oprf import evaluator
from protocol.roots import RawRoot
from protocol.search import Field, words_of
from protocol.tokens import USE_MEMBER, TokenSeed
from registrar.home import Home
from registrar.importers import Accepted, EligibilityRow, find
from registrar.people import profile
from voprf.ristretto import Evaluator


@dataclass(frozen=True)
class Someone:
    """One fictional member: number, work id if employed, references at the authorities, tokens at the stores."""

    number: MemberNumber
    work_id: str | None
    refs: Mapping[AuthorityName, bytes]
    tokens: Mapping[StoreName, bytes]
    plaintexts: tuple[str, ...]
    """Names, telephone, e-mail: what only the member's device may show."""
    words: Mapping[Field, bytes | None]
    """What they are found under at identity."""
    guarded: bool
    """Whether the authorities were told of a guardian."""


def everybody(layout: Layout) -> list[Someone]:
    """Return all enrolled members in the order of the insurer's file."""
    found = []
    evaluators = [evaluator(_root(layout, host), USE_MEMBER) for host in AUTHORITIES]
    with closing(Home.load(layout.registrar).roster()) as roster:
        for row in _eligibility(population.files(layout)[0]):
            member = roster.find(row.member)
            if member is not None:
                texts = tuple(text for text in (row.kana_name, row.kanji_name, row.telephone, row.email) if text)
                tokens = _tokens(evaluators, member.anchor)
                words, guarded = words_of(profile(row)), bool(member.told.guarded_by)
                found.append(Someone(member.anchor, row.work_id or None, member.refs, tokens, texts, words, guarded))
    return found


def _tokens(evaluators: Sequence[Evaluator], number: MemberNumber) -> dict[StoreName, bytes]:
    """Return what only the three roots together make of a member number."""
    y = hkdf(b"".join(one.evaluate_known_input(number.x) for one in evaluators), lp("F", USE_MEMBER))
    return {store: TokenSeed.from_evaluation(y, store).token for store in STORES}


def _root(layout: Layout, host: AuthorityName) -> RawRoot:
    return RawRoot(unb64u((layout.host(host).secrets / "root").read_text(encoding="ascii").strip(), 32))


def _eligibility(path: Path) -> list[EligibilityRow]:
    importer = find(path)
    assert importer is not None
    return [one.row for one in importer.read(path) if isinstance(one, Accepted) and isinstance(one.row, EligibilityRow)]
