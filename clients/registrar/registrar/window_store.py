"""The keys of open windows, kept in the home (mode 600) until they expire."""

import json
from collections.abc import Sequence
from pathlib import Path

from protocol.encoding import b64u, unb64u
from protocol.jose import p256_from_scalar, scalar_of
from protocol.manifest import Purpose
from protocol.subjects import Subject, SubjectList

from .errors import WindowError
from .secret_files import read_private, write_private
from .windows import ZONES, Window, now_seconds


def save(folder: Path, window: Window) -> None:
    """Keep a window's keys."""
    entry = {
        "id": b64u(window.id),
        "zone": window.zone,
        "purpose": window.purpose,
        "expires": window.expires,
        "quotas": window.quotas,
        "request_key": b64u(scalar_of(window.request_key)),
        "hpke_seed": b64u(window.hpke_seed),
        "subjects": [[one.host, b64u(one.id), b64u(one.salt)] for one in window.subjects.entries] if window.subjects else [],
    }
    write_private(folder / f"{window.purpose}-{window.zone}-{b64u(window.id)}.json", json.dumps(entry))


def listed(folder: Path) -> list[Window]:
    """Return the windows that are still open, in the order in which they were opened; the keys of expired ones are deleted."""
    windows = []
    for path in sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns):
        window = _read(path)
        if window.expires <= now_seconds():
            path.unlink()
        else:
            windows.append(window)
    return windows


def forget(folder: Path, windows: Sequence[Window]) -> None:
    """Delete the keys of windows that are no longer needed."""
    for window in windows:
        (folder / f"{window.purpose}-{window.zone}-{b64u(window.id)}.json").unlink(missing_ok=True)


def newest(folder: Path, purpose: Purpose) -> list[Window]:
    """Return the newest open window of each zone; raise ``WindowError`` when there is none."""
    by_zone = {window.zone: window for window in listed(folder) if window.purpose == purpose}
    if set(by_zone) != set(ZONES):
        raise WindowError(f"no window for {purpose} is open: give --officer FILE twice, or run: warifu-registrar window open")
    return [by_zone[zone] for zone in ZONES]


def _read(path: Path) -> Window:
    entry = json.loads(read_private(path))
    subjects = [Subject(host, unb64u(one), unb64u(salt)) for host, one, salt in entry.get("subjects", ())]
    return Window(
        id=unb64u(entry["id"], 16),
        zone=entry["zone"],
        purpose=entry["purpose"],
        expires=entry["expires"],
        quotas=entry["quotas"],
        request_key=p256_from_scalar(unb64u(entry["request_key"], 32)),
        hpke_seed=unb64u(entry["hpke_seed"], 32),
        subjects=SubjectList.of(subjects) if subjects else None,
    )
