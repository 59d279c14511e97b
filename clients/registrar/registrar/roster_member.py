"""One member as the roster keeps them."""

import json
import os
from dataclasses import dataclass, field
from typing import Literal

from protocol.encoding import b64u, unb64u
from protocol.member import MemberNumber
from protocol.names import AUTHORITIES, AuthorityName
from protocol.shares import REF_BYTES

Status = Literal["planned", "enrolled"]
"""``planned``: references are minted, so a call may have been made. ``enrolled``: every host has everything."""


def mint() -> dict[AuthorityName, bytes]:
    """Return three unrelated random references."""
    return {host: os.urandom(REF_BYTES) for host in AUTHORITIES}


@dataclass(frozen=True, repr=False)
class Member:
    """A member: numbers, the three references, and hashes that tell what has changed since."""

    anchor: MemberNumber
    """The first number the person ever had: the input of the blind evaluation for good."""
    current: MemberNumber
    birth_date: str
    sex: Literal["male", "female"]
    relation: Literal["insured", "dependant"]
    site: str
    """Workplace slug as the insurer has it, before generalisation."""
    status: Status = "planned"
    content: bytes = b""
    """Keyed hash of what was enrolled; empty before."""
    group: str = ""
    """Workplace group as anon-data was told; empty before."""
    refs: dict[AuthorityName, bytes] = field(default_factory=mint)

    def encode(self) -> bytes:
        """Return the row to seal."""
        return json.dumps(
            {
                "anchor": _fields(self.anchor),
                "current": _fields(self.current),
                "birth": self.birth_date,
                "sex": self.sex,
                "relation": self.relation,
                "site": self.site,
                "status": self.status,
                "content": b64u(self.content),
                "group": self.group,
                "refs": {host: b64u(ref) for host, ref in self.refs.items()},
            },
            separators=(",", ":"),
        ).encode()

    @classmethod
    def decode(cls, row: bytes) -> "Member":
        """Read an opened row."""
        data = json.loads(row)
        return cls(
            anchor=MemberNumber(*data["anchor"]),
            current=MemberNumber(*data["current"]),
            birth_date=data["birth"],
            sex=data["sex"],
            relation=data["relation"],
            site=data["site"],
            status=data["status"],
            content=unb64u(data["content"]),
            group=data["group"],
            refs={host: unb64u(data["refs"][host], REF_BYTES) for host in AUTHORITIES},
        )


def _fields(number: MemberNumber) -> list[str]:
    return [number.insurer, number.symbol, number.number, number.branch]
