"""Windows' manifests."""

import json
from typing import Any

import pytest
from protocol.deployment import Officer, OfficerList
from protocol.encoding import lp
from protocol.manifest import LONGEST_SECONDS, Manifest, ManifestRefused, SignedManifest
from protocol.names import Zone
from protocol.signing import SigningKey
from pydantic import ValidationError

NOW = 1_800_000_000
ORIGINS = [f"http://localhost:{port}" for port in range(8105, 8100, -1)]
ONE, TWO, THIRD = (SigningKey(bytes([seed]) * 32) for seed in (1, 2, 3))
OFFICERS = OfficerList(
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
        {"purpose": "anything"},
        {"zone": "other"},
        {"v": 2},
        {"extra": 1},
    ],
)
def test_impossible_manifests_are_refused(change: dict[str, Any]) -> None:
    """Longer than twelve hours, negative quotas, unknown words: neither drafted nor accepted."""
    with pytest.raises(ValidationError):
        Manifest(**{**FIELDS, **change})
    raw = json.dumps({**json.loads(DRAFT.raw), **change}).encode()
    signed = SignedManifest(raw, {}).signed_by("one", ONE).signed_by("two", TWO)

    assert _refused(signed) == "not a manifest"


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"\xff", b"{}"])
def test_bytes_that_are_no_manifest_are_refused(raw: bytes) -> None:
    """Whatever two officers sign, it must be a manifest."""
    assert _refused(SignedManifest(raw, {}).signed_by("one", ONE).signed_by("two", TWO)) == "not a manifest"
