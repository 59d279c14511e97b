"""From an eligibility row to what each host is told of a person."""

from collections.abc import Callable
from dataclasses import dataclass, field

from protocol.deployment import Deployment
from protocol.encoding import lp
from protocol.messages.mailbox import Attributes
from protocol.messages.verifiers import OidcVerifier
from protocol.record import PADDED_BYTES, Profile
from protocol.shares import first_record_key

from .errors import RegistrarError
from .groups import slug
from .importers import EligibilityRow
from .report import Place
from .roster_member import Member
from .tokens import Seeds


@dataclass(frozen=True, repr=False)
class Person:
    """A member in the middle of being enrolled. ``seeds`` and ``member_key`` live in memory, for one round."""

    member: Member
    place: Place
    profile: Profile
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


def verifiers(row: EligibilityRow, deployment: Deployment, hashed: Callable[[bytes], bytes]) -> tuple[OidcVerifier, ...]:
    """Return what an employee is recognised by: the work id at the group's provider; nothing for everybody else.

    ``hashed`` is the roster's keyed hash: from it the verifier's id follows, so that enrolling again says the same.
    """
    if not row.work_id or not deployment.group_idps:
        return ()
    if len(deployment.group_idps) > 1:
        raise RegistrarError("the deployment has several group providers, and this file does not say whose work ids it holds")
    issuer = deployment.group_idps[0].issuer
    return (OidcVerifier(id=hashed(lp("verifier-id", row.member.x, issuer, row.work_id))[:16], issuer=issuer, value=row.work_id),)


def canonical(row: EligibilityRow) -> bytes:
    """Return the bytes that change exactly when a host would be told something else."""
    return lp("eligibility-row", profile(row).model_dump_json(), row.work_id)


def planned(row: EligibilityRow, content: bytes, known: Member | None) -> Member:
    """Return the member as this row has them, with the references they have, or fresh ones."""
    number = row.member
    return Member(
        anchor=known.anchor if known else number,
        current=number,
        birth_date=row.birth_date.isoformat(),
        sex=row.sex,
        relation="insured" if row.insured else "dependant",
        site=slug(row.site_code),
        status="planned",
        content=content,
        group=known.group if known else "",
        **({"refs": known.refs} if known else {}),
    )


def attributes(member: Member, group: str) -> Attributes:
    """Return what anon-data may know of a person."""
    return Attributes(sex=member.sex, birth_year=int(member.birth_date[:4]), relation=member.relation, group=group)
