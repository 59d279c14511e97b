"""Windows: two zones, two officers, keys that stay at the workstation until they expire."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from protocol.encoding import b64u
from protocol.jose import thumbprint
from protocol.manifest import LONGEST_SECONDS, SignedManifest
from protocol.signing import SigningKey
from protocol.times import SKEW
from registrar import window_store
from registrar.errors import OfficerError, WindowError
from registrar.officers import load_officers
from registrar.secret_files import write_private
from registrar.session import times
from registrar.windows import ZONES, Window, draft, now_seconds, quotas_of
from rooms.registrar.paperwork import Paperwork, paperwork

NOW = 1_800_000_000


def drafts(papers: Paperwork, now: int = NOW, seconds: int = 3600) -> list[tuple[Window, SignedManifest]]:
    officers = load_officers(papers.officers, papers.deployment.officers)
    quotas = quotas_of("enrol", members=10, signing_in=4)
    return [draft(papers.deployment, zone, "enrol", quotas[zone], officers, expires=now + seconds, now=now) for zone in ZONES]


def test_a_host_accepts_the_manifest(tmp_path: Path) -> None:
    """Both manifests pass the check that hosts make, and say what was asked for."""
    papers = paperwork(tmp_path)
    checked = [
        signed.check(papers.deployment.officers, window.zone, papers.deployment.sorted_origins, NOW)
        for window, signed in drafts(papers)
    ]

    assert [(one.zone, one.purpose, one.quotas, one.expires) for one in checked] == [
        ("named", "enrol", {"member": 20, "enrol": 24}, NOW + 3600),
        ("pseudonymous", "enrol", {"mailbox": 10}, NOW + 3600),
    ]


def test_the_zones_share_nothing(tmp_path: Path) -> None:
    """Ids, request keys and HPKE keys of one opening are all different."""
    (named, _), (pseudonymous, _) = drafts(paperwork(tmp_path))
    values = [
        value for window in (named, pseudonymous) for value in (window.id, thumbprint(window.request_key), window.hpke.public_bytes)
    ]

    assert len(set(values)) == 6


def test_two_different_officers_are_needed(tmp_path: Path) -> None:
    """The same officer twice is one officer."""
    papers = paperwork(tmp_path)

    with pytest.raises(OfficerError, match="two different officers"):
        load_officers([papers.officers[0], papers.officers[0]], papers.deployment.officers)


def test_a_stranger_signs_nothing(tmp_path: Path) -> None:
    """A key on no officer list is refused before anything is sent."""
    papers = paperwork(tmp_path)
    write_private(tmp_path / "stranger.key", b64u(b"s" * 32))
    files = [papers.officers[0], tmp_path / "stranger.key"]

    with pytest.raises(OfficerError, match="not on the current officers' list"):
        load_officers(files, papers.deployment.officers)
    assert SigningKey(b"s" * 32).public_bytes not in {officer.key for officer in papers.deployment.officers.officers}


def test_a_window_is_never_longer_than_twelve_hours(tmp_path: Path) -> None:
    """A longer one is refused here already."""
    with pytest.raises(WindowError, match="at most 12 hours"):
        drafts(paperwork(tmp_path), seconds=12 * 3600)


def test_the_keys_of_a_window_are_kept(tmp_path: Path) -> None:
    """What was saved is what comes back, in files of their owner alone."""
    papers = paperwork(tmp_path)
    folder = papers.home / "windows"
    folder.mkdir()
    windows = [window for window, _ in drafts(papers, now=now_seconds())]
    for window in windows:
        window_store.save(folder, window)
    found = window_store.newest(folder, "enrol")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}

    assert ([same(one) for one in found], modes) == ([same(one) for one in windows], {0o600})


def test_an_expired_window_is_forgotten(tmp_path: Path) -> None:
    """Its keys are deleted, and the error says how to open another."""
    papers = paperwork(tmp_path)
    folder = papers.home / "windows"
    folder.mkdir()
    for window, _ in drafts(papers, now=now_seconds()):
        window_store.save(folder, replace(window, expires=now_seconds() - 1))

    with pytest.raises(WindowError, match="no window for enrol is open"):
        window_store.newest(folder, "enrol")
    assert list(folder.iterdir()) == []


def test_an_expired_window_signs_no_call(tmp_path: Path) -> None:
    """The sentence says what to do."""
    (window, _), _ = drafts(paperwork(tmp_path))

    with pytest.raises(WindowError, match="has expired; open a new one"):
        window.check_open(NOW + 3600)


def same(window: Window) -> tuple[object, ...]:
    """Everything of a window that can be compared."""
    return (window.id, window.zone, window.expires, window.quotas, thumbprint(window.request_key), window.hpke.public_bytes)


def test_one_lost_answer_does_not_end_an_import() -> None:
    """What a host counts again when a call is repeated has room for the calls under way; new mailboxes are counted once."""
    assert (quotas_of("enrol", members=20_000, signing_in=5), quotas_of("ingest", members=3, checkups=700)) == (
        {"named": {"member": 20_512, "enrol": 20_505}, "pseudonymous": {"mailbox": 20_000}},
        {"named": {"member": 6}, "pseudonymous": {"checkup": 1200}},
    )
    assert quotas_of("ingest", claims=700, guidance=1, withdrawn=2)["pseudonymous"] == {
        "checkup": 0,
        "medical-claim": 1200,
        "guidance": 2,
        "withdraw": 4,
    }


def test_the_newest_window_is_the_last_one_opened(tmp_path: Path) -> None:
    """Not the one that ends last: how long a window is open is drawn anew each time."""
    papers = paperwork(tmp_path)
    folder = papers.home / "windows"
    folder.mkdir()
    for seconds in (3600, 3000):
        windows = [window for window, _ in drafts(papers, now=now_seconds(), seconds=seconds)]
        for window in windows:
            window_store.save(folder, window)

    assert [same(one) for one in window_store.newest(folder, "enrol")] == [same(one) for one in windows]


def test_the_zones_share_no_second() -> None:
    """Begin and end of a window are drawn for each zone, never longer than asked for nor than a window may be."""
    drawn = [times(NOW, seconds) for seconds in (60, 7200, 12 * 3600 - SKEW) for _ in range(50)]
    longest = max(end - begin for begin, end in drawn)

    assert (all(begin <= NOW < end for begin, end in drawn), longest <= LONGEST_SECONDS - SKEW) == (True, True)
    assert (len({begin for begin, _ in drawn}) > 50, len({end for _, end in drawn}) > 50) == (True, True)
    assert all(NOW + 0.7 * 7200 < end <= NOW + 7200 for _, end in drawn[50:100])
