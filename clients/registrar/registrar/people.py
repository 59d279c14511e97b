"""From an eligibility row to what each host is told of a person."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from protocol.deployment import Deployment
from protocol.encoding import lp
from protocol.member import MemberNumber
from protocol.messages.mailbox import Attributes
from protocol.messages.verifiers import OidcVerifier
from protocol.record import PADDED_BYTES, Profile
from protocol.shares import first_record_key

from .errors import RegistrarError
from .groups import slug
from .guardians import UNTIL
from .importers import EligibilityRow
from .report import Place
from .roster_member import Member, Told
from .tokens import Seeds

Hashed = Callable[[bytes], bytes]
"""The roster's keyed hash."""


@dataclass(frozen=True, repr=False)
class Person:
    """A member in the middle of being enrolled. ``seeds`` and ``member_key`` live in memory, for one round."""

    member: Member
    place: Place
    profile: Profile
    told: Told
    """What the hosts are told with the enrolment of this person's ways in."""
    verifiers: tuple[OidcVerifier, ...]
    seeds: Seeds = field(default_factory=dict)
    member_key: bytes = b""
    """Of version 0; empty until the first shares have come."""

    @property
    def record_key(self) -> bytes:
        """Key of the record at identity. It follows from the shares, so that enrolling again never changes it."""
        return first_record_key(self.member_key)


def profile(row: EligibilityRow) -> Profile:
    """Return the personal record that identity stores sealed."""
    number = row.member
    return Profile(
        member_number=f"{number.insurer}:{number.symbol}:{number.number}:{number.branch}",
        name=row.kanji_name or row.kana_name,
        kana=row.kana_name,
        birth_date=row.birth_date.isoformat(),
        sex=row.sex,
        relation="insured" if row.insured else "dependant",
        postcode=row.postcode,
        address=row.address,
        telephone=row.telephone,
        email=row.email,
        site=row.site_name,
        department=row.department_name,
    )


def fits(made: Profile) -> bool:
    """Say whether a record fits the one size in which all are sealed."""
    return len(made.model_dump_json().encode()) < PADDED_BYTES


def own_verifier(member: Member, deployment: Deployment, hashed: Hashed) -> OidcVerifier | None:
    """Return what an employee is recognised by: the work id at the group's provider; nothing for everybody else.

    ``hashed`` is the roster's keyed hash: from it the verifier's id follows, so that enrolling again says the same.
    """
    issuer = _issuer(member.work_id, deployment)
    if issuer is None:
        return None
    verifier_id = hashed(lp("verifier-id", member.anchor.x, issuer, member.work_id))[:16]
    return OidcVerifier(id=verifier_id, issuer=issuer, value=member.work_id)


def guardian_verifier(child: Member, work_id: str, deployment: Deployment, hashed: Hashed) -> OidcVerifier | None:
    """Return what a child's guardian is recognised by: the guardian's own work id."""
    issuer = _issuer(work_id, deployment)
    if issuer is None:
        return None
    verifier_id = hashed(lp("guardian-verifier-id", child.anchor.x, issuer, work_id))[:16]
    return OidcVerifier(id=verifier_id, issuer=issuer, value=work_id, guardian_until=UNTIL)


def _issuer(work_id: str, deployment: Deployment) -> str | None:
    if not work_id or not deployment.group_idps:
        return None
    if len(deployment.group_idps) > 1:
        raise RegistrarError("the deployment has several group providers, and this file does not say whose work ids it holds")
    return deployment.group_idps[0].issuer


def canonical(row: EligibilityRow) -> bytes:
    """Return the bytes that change exactly when a host would be told something else."""
    return lp("eligibility-row", profile(row).model_dump_json(), row.work_id)


def planned(row: EligibilityRow, content: bytes, known: Member | None, anchor: MemberNumber | None = None) -> Member:
    """Return the member as this row has them, with the references they have, or fresh ones; a newcomer's anchor may be given."""
    fresh = Member(
        anchor=anchor or row.member,
        current=row.member,
        birth_date=row.birth_date.isoformat(),
        sex=row.sex,
        relation="insured" if row.insured else "dependant",
        site=slug(row.site_code),
    )
    kept = known or fresh
    changed = (kept.content, kept.site, kept.current) != (content, fresh.site, row.member)
    return replace(
        kept,
        current=row.member,
        former=tuple(one for one in kept.numbers if one not in (row.member, kept.anchor)),
        birth_date=fresh.birth_date,
        sex=fresh.sex,
        relation=fresh.relation,
        site=fresh.site,
        status="planned" if changed else kept.status,
        content=content,
        child=row.relation == "child",
        acquired=row.acquired,
        lost=row.lost,
        died=row.died,
        work_id=row.work_id,
        work_lost=None if row.work_id else row.acquired,
        guardian_number=row.guardian,
    )


def attributes(member: Member, group: str) -> Attributes:
    """Return what anon-data may know of a person."""
    return Attributes(sex=member.sex, birth_year=int(member.birth_date[:4]), relation=member.relation, group=group)
