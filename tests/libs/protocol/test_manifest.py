"""Windows' manifests."""

import json
from typing import Any

import pytest
from protocol.deployment import Officer, OfficerList
from protocol.encoding import lp
from protocol.manifest import (
    LONGEST_SECONDS,
    PURPOSES,
    USES,
    WITH_SUBJECTS,
    Manifest,
    ManifestAhead,
    ManifestRefused,
    Purpose,
    SignedManifest,
)
from protocol.names import Zone
from protocol.signing import SigningKey
from pydantic import ValidationError

NOW = 1_800_000_000
ORIGINS = [f"http://localhost:{port}" for port in range(8105, 8100, -1)]
ONE, TWO, THIRD = (SigningKey(bytes([seed]) * 32) for seed in (1, 2, 3))
# Not as a list is read: one that holds somebody twice is refused there already.
OFFICERS = OfficerList.model_construct(
    number=1,
    officers=(
        Officer(id="one", key=ONE.public_bytes),
        Officer(id="two", key=TWO.public_bytes),
        Officer(id="one-again", key=ONE.public_bytes),
    ),
)
FIELDS: dict[str, Any] = {
    "id": bytes(16),
    "zone": "named",
    "purpose": "enrol",
    "request_jkt": bytes(32),
    "hpke": bytes(1216),
    "origins": tuple(sorted(ORIGINS)),
    "quotas": {"enrol": 5},
    "officer_list": 1,
    "not_before": NOW,
    "expires": NOW + 3600,
}
DRAFT = SignedManifest.draft(Manifest(**FIELDS))
SIGNED = DRAFT.signed_by("one", ONE).signed_by("two", TWO)


def _refused(signed: SignedManifest, *, zone: Zone = "named", origins: list[str] = ORIGINS, now: int = NOW) -> str:
    with pytest.raises(ManifestRefused) as caught:
        signed.check(OFFICERS, zone, origins, now)
    return str(caught.value)


def test_two_officers_open_a_window() -> None:
    """Signed by two current officers, a manifest says what it was drafted to say."""
    assert SIGNED.check(OFFICERS, "named", ORIGINS, NOW) == Manifest(**FIELDS)


@pytest.mark.parametrize(
    "signed",
    [DRAFT, DRAFT.signed_by("one", ONE), DRAFT.signed_by("one", ONE).signed_by("one-again", ONE)],
    ids=["nobody", "one", "one key under two names"],
)
def test_one_officer_is_not_enough(signed: SignedManifest) -> None:
    """Two different keys must sign; one officer listed twice is one officer."""
    assert _refused(signed) == "two officers must sign"


def test_a_stranger_spoils_the_manifest() -> None:
    """A signature by somebody who is not listed is refused even beside two good ones."""
    assert _refused(SIGNED.signed_by("third", THIRD)) == "signed by somebody who is not a current officer"


def test_a_signature_under_anothers_name_is_refused() -> None:
    """An officer cannot sign for another."""
    assert _refused(DRAFT.signed_by("one", ONE).signed_by("two", ONE)) == "an officer's signature does not verify"


def test_changed_bytes_are_refused() -> None:
    """What was signed are exactly these bytes: even a blank more is another manifest."""
    assert _refused(SignedManifest(SIGNED.raw + b" ", SIGNED.signatures)) == "an officer's signature does not verify"


def test_a_signature_for_something_else_is_refused() -> None:
    """A signature over the bare bytes, or over another kind of message, does not count."""
    bare = {"one": ONE.sign(DRAFT.raw), "two": TWO.sign(lp("claim", DRAFT.raw))}

    assert _refused(SignedManifest(DRAFT.raw, bare)) == "an officer's signature does not verify"


def test_zone_origins_and_time_are_checked() -> None:
    """A manifest opens a window in its zone, for its origins, within its time."""
    refused = [
        _refused(SIGNED, zone="pseudonymous"),
        _refused(SIGNED, origins=ORIGINS[1:]),
        _refused(SIGNED, now=NOW - 1),
        _refused(SIGNED, now=NOW + 3600),
    ]

    assert refused == ["a manifest for the other zone", "a manifest for other origins", "not open now", "not open now"]


@pytest.mark.parametrize(
    "change",
    [
        {"expires": NOW + LONGEST_SECONDS + 1},
        {"expires": NOW},
        {"quotas": {"enrol": -1}},
        {"quotas": {"enrol": 2**62}},
        {"quotas": {"enrol": True}},
        {"quotas": {"mailbox": 1}},
        {"quotas": {"anything": 1}},
        {"officer_list": 0},
        {"officer_list": None},
        {"officer_list": "1"},
        {"subjects": "A" * 43, "subject_count": 1},
        {"subject_count": 1},
        {"purpose": "anything"},
        {"zone": "other"},
        {"v": 2},
        {"extra": 1},
    ],
)
def test_impossible_manifests_are_refused(change: dict[str, Any]) -> None:
    """Longer than twelve hours, impossible or foreign quotas, unknown words: neither drafted nor accepted."""
    with pytest.raises(ValidationError):
        Manifest(**{**FIELDS, **change})
    raw = json.dumps({**json.loads(DRAFT.raw), **change}).encode()
    signed = SignedManifest(raw, {}).signed_by("one", ONE).signed_by("two", TWO)

    assert _refused(signed) == "not a manifest"


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"\xff", b"{}"])
def test_bytes_that_are_no_manifest_are_refused(raw: bytes) -> None:
    """Whatever two officers sign, it must be a manifest."""
    assert _refused(SignedManifest(raw, {}).signed_by("one", ONE).signed_by("two", TWO)) == "not a manifest"


ZONES: tuple[Zone, ...] = ("named", "pseudonymous")
EVERY = [(purpose, zone) for purpose in PURPOSES for zone in ZONES]


def _facts(purpose: Purpose, zone: Zone) -> dict[str, Any]:
    subjects = {"subjects": bytes(32), "subject_count": 3} if purpose in WITH_SUBJECTS else {}
    return {**FIELDS, "purpose": purpose, "zone": zone, "quotas": dict.fromkeys(USES[purpose][zone], 1), **subjects}


def _read(facts: dict[str, Any]) -> Manifest:
    signed = SignedManifest.draft(Manifest.model_construct(**facts)).signed_by("one", ONE).signed_by("two", TWO)
    return signed.check(OFFICERS, facts["zone"], ORIGINS, NOW)


@pytest.mark.parametrize(("purpose", "zone"), EVERY)
def test_windows_of_every_purpose(purpose: Purpose, zone: Zone) -> None:
    """A window of each purpose may count what its table names."""
    assert _read(_facts(purpose, zone)) == Manifest(**_facts(purpose, zone))


@pytest.mark.parametrize(("purpose", "zone"), EVERY)
def test_a_use_of_another_purpose_or_zone_is_refused(purpose: Purpose, zone: Zone) -> None:
    """Whatever a purpose does not name in a zone, two officers cannot allow."""
    foreign = {use for zones in USES.values() for uses in zones.values() for use in uses} - USES[purpose][zone]
    refused = []
    for use in sorted(foreign):
        with pytest.raises(ManifestRefused, match="not a manifest"):
            _read({**_facts(purpose, zone), "quotas": {use: 1}})
        refused.append(use)

    assert set(refused) == foreign != set()


@pytest.mark.parametrize(("purpose", "zone"), EVERY)
def test_subjects_are_listed_where_windows_are_about_people(purpose: Purpose, zone: Zone) -> None:
    """Without its list, half of it, or with one that does not belong there, a manifest is refused."""
    with_list = {"subjects": bytes(32), "subject_count": 3}
    others: list[dict[str, Any]] = [{}] if purpose in WITH_SUBJECTS else [with_list]
    others += [{"subjects": bytes(32)}, {"subject_count": 3}, {"subjects": bytes(31), "subject_count": 3}]
    others += [{"subjects": bytes(32), "subject_count": 0}]
    facts = {name: value for name, value in _facts(purpose, zone).items() if name not in with_list}
    refused = []
    for other in others:
        with pytest.raises(ManifestRefused, match="not a manifest"):
            _read({**facts, **other})
        refused.append(other)

    assert refused == others


@pytest.mark.parametrize(
    ("number", "kind", "said"), [(2, ManifestAhead, "not known here yet"), (0, ManifestRefused, "not a manifest")]
)
def test_the_officers_list_is_the_current_one(number: int, kind: type[ManifestRefused], said: str) -> None:
    """A manifest names the list of its signers; a later one says that the reader is behind."""
    with pytest.raises(kind, match=said):
        _read({**FIELDS, "officer_list": number})
    with pytest.raises(ManifestRefused, match="an earlier officers' list"):
        SIGNED.check(OFFICERS.model_copy(update={"number": 2}), "named", ORIGINS, NOW)

    assert _read(FIELDS).officer_list == 1
