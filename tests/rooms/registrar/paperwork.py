"""What registrar tests start from: a deployment with its secrets, officers' key files, eligibility tables."""

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from protocol.authority_keys import AuthorityKeys
from protocol.deployment import Deployment, GroupIdp, Officer, OfficerList, Portal
from protocol.encoding import b64u
from protocol.names import AUTHORITIES, HOSTS, AuthorityName, HostName
from protocol.signing import SigningKey
from registrar import home as homes
from registrar.importers import EligibilityRow
from registrar.roster_member import Member
from registrar.secret_files import write_private
from support.key_stores import FileStore, KeyStore

ISSUER = "http://localhost:8100"


@dataclass(frozen=True)
class Paperwork:
    """One deployment on paper: nothing runs."""

    home: Path
    untouched: Path
    """A home as it was made; tests that share a deployment begin with copies of it."""
    deployment: Deployment
    officers: list[Path]
    authorities: Mapping[AuthorityName, AuthorityKeys]
    key_store: KeyStore


def paperwork(folder: Path, origins: Mapping[HostName, str] | None = None, *, key_store: KeyStore | None = None) -> Paperwork:
    """Make keys, officers, the registrar's home and the deployment that names them; keys are in files unless a store is given."""
    store = key_store or FileStore()
    authorities = {host: store.keys(host) for host in AUTHORITIES}
    files, officers = [], []
    for name in ("officer-1", "officer-2"):
        seed = os.urandom(32)
        write_private(folder / f"{name}.key", b64u(seed))
        files.append(folder / f"{name}.key")
        officers.append(Officer(id=name, key=SigningKey(seed).public_bytes))
    deployment = Deployment(
        insurer="06990019",
        origins=dict(origins or {host: f"http://{host}.test:8100" for host in HOSTS}),
        authorities={host: keys.public() for host, keys in authorities.items()},
        group_idps=(GroupIdp(issuer=ISSUER, evidence_client="warifu-evidence"),),
        officers=OfficerList(number=1, officers=tuple(officers)),
        insurer_key=homes.create(folder / "registrar"),
        portal=Portal(origin="http://localhost:8106", rp_id="localhost"),
    )
    return Paperwork(folder / "registrar", folder / "registrar", deployment, files, authorities, store)


def row(number: int, /, **changes: object) -> EligibilityRow:
    """Return an invented person."""
    fields: dict[str, object] = {
        "insurer_number": "06990019",
        "symbol": "101",
        "number": str(number),
        "branch": "00",
        "relation": "self",
        "qualification": "1",
        "kanji_name": "架空谷 もふ太郎",
        "kana_name": "カクウダニ モフタロウ",
        "birth_date": date(1980, 4, 1),
        "sex": "male",
        "postcode": "000-0101",
        "address": "架空県試験市見本町1丁目1番1号",
        "telephone": "00-0000-0000",
        "email": "m1@example.jp",
        "acquired": date(2010, 4, 1),
        "lost": None,
        "loss_reason": "",
        "site_code": "S0001",
        "site_name": "架空製作所",
        "department_code": "",
        "department_name": "",
        "work_id": f"W{number:06d}",
    }
    return EligibilityRow(**{**fields, **changes})  # type: ignore[arg-type]  # the fields are typed above


def member(number: int, **changes: object) -> Member:
    """Return an invented member of the roster."""
    card = row(number).member
    fields: dict[str, object] = {
        "anchor": card,
        "current": card,
        "birth_date": "1980-04-01",
        "sex": "male",
        "relation": "insured",
        "site": "s0001",
    }
    return Member(**{**fields, **changes})  # type: ignore[arg-type]  # the fields are typed above


_HEADERS: Sequence[str] = tuple(EligibilityRow.__dataclass_fields__)


def write_table(path: Path, rows: Iterable[EligibilityRow]) -> Path:
    """Write an eligibility table with English headers."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(_HEADERS)
        writer.writerows(["" if (value := getattr(one, name)) is None else str(value) for name in _HEADERS] for one in rows)
    return path
