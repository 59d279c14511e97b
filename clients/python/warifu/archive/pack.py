"""Reading everything, and packing it into one signed file."""

import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from protocol.archive import sign_archive
from protocol.encoding import b64u, sha256

from warifu.session import MemberSession

from .section import Content
from .sections import sections
from .written import page, table

MANIFEST, SIGNATURE, RECORD = "manifest.json", "manifest.sig", "record.fhir.json"
_WHEN = (1980, 1, 1, 0, 0, 0)
"""The format's first day: an entry's time would say nothing that the manifest does not."""


async def export(session: MemberSession, now: datetime) -> bytes:
    """Return everything of the member as one archive (ZIP); ``now`` has a time zone.

    Nothing is left out silently: where a host cannot be asked, there is no archive.
    """
    known = sections()
    contents = {section.name: await section.read(session, now) for section in known}
    made = now.date().isoformat()
    files = {f"csv/{section.name}.csv": table(section, contents[section.name]) for section in known}
    files |= {
        "record.ja.html": page(contents, known, made, "ja"),
        "record.en.html": page(contents, known, made, "en"),
        RECORD: _json(_record(contents.values(), now)),
    }
    return _packed(files, session, made)


def _record(contents: Iterable[Content], now: datetime) -> Mapping[str, Any]:
    """Return all resources as one FHIR Bundle of type collection."""
    entries = [{"fullUrl": address, "resource": resource} for content in contents for address, resource in content.resources]
    return {"resourceType": "Bundle", "type": "collection", "timestamp": now.isoformat(timespec="milliseconds"), "entry": entries}


def _packed(files: Mapping[str, bytes], session: MemberSession, made: str) -> bytes:
    key = session.archive_key
    listed = [{"name": name, "bytes": len(content), "sha256": b64u(sha256(content))} for name, content in files.items()]
    manifest = _json({"v": 1, "made": made, "key": b64u(key.public_bytes), "files": listed})
    signature = b64u(sign_archive(key, manifest)).encode()
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, MANIFEST: manifest, SIGNATURE: signature}.items():
            info = zipfile.ZipInfo(name, _WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, content)
    return out.getvalue()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
