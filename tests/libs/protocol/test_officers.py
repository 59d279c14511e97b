"""The officers' lists, which follow one another, and what one officer may ask."""

import json
from typing import Any

import pytest
from protocol.deployment import Officer, OfficerList
from protocol.encoding import b64u, lp
from protocol.officers import OfficersBehind, OfficersRefused, SignedOfficerList, SignedOfficerRequest, follow
from protocol.signing import SigningKey
from pydantic import ValidationError

NOW = 1_800_000_000
ORIGINS = [f"http://localhost:{port}" for port in range(8105, 8100, -1)]
KEYS = {name: SigningKey(bytes([number]) * 32) for number, name in enumerate(("ann", "ben", "cas", "dot"), 1)}
PEOPLE = {name: Officer(id=name, key=key.public_bytes) for name, key in KEYS.items()}


def listed(*names: str, number: int = 1) -> OfficerList:
    return OfficerList(number=number, officers=tuple(PEOPLE[name] for name in names))


def signed(after: OfficerList, *names: str, origins: list[str] = ORIGINS) -> SignedOfficerList:
    made = SignedOfficerList.draft(after, origins)
    for name in names:
        made = made.signed_by(name, KEYS[name])
    return made


def refused(made: SignedOfficerList, before: OfficerList) -> str:
    with pytest.raises(OfficersRefused) as caught:
        made.check(before, ORIGINS)
    return str(caught.value)


THREE = listed("ann", "ben", "cas")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (THREE, listed("ann", "ben", "cas", "dot", number=2)),
        (THREE, listed("ann", "ben", number=2)),
        (THREE, listed("ann", "ben", "dot", number=2)),
        (listed("ann", "ben"), listed("ann", "ben", "cas", number=2)),
    ],
    ids=["one-more", "two-remove-the-third", "one-for-another", "from-two"],
)
def test_two_others_decide(before: OfficerList, after: OfficerList) -> None:
    """Two officers who stay add and remove others."""
    assert signed(after, "ann", "ben").check(before, ORIGINS) == after


NOT_BOTH = "signed by somebody who is not an officer before and after"


@pytest.mark.parametrize(
    ("after", "signers", "said"),
    [
        (listed("ann", "ben", "dot", number=2), ("ann", "dot"), NOT_BOTH),
        (listed("ann", "ben", number=2), ("ann", "cas"), NOT_BOTH),
        (listed("ann", "ben", number=2), ("ann", "ben", "cas"), NOT_BOTH),
        (listed("ann", "ben", number=2), ("ann",), "two officers must sign"),
        (listed("ann", "ben", number=2), (), "two officers must sign"),
        (listed("ann", number=2), ("ann", "ben"), "fewer than two officers would remain"),
        (listed("ann", "ben", number=1), ("ann", "ben"), "not the next number"),
    ],
    ids=["own-addition", "own-removal", "removed-too", "one", "nobody", "one-remains", "first-again"],
)
def test_nobody_decides_about_themselves(after: OfficerList, signers: tuple[str, ...], said: str) -> None:
    """A signature counts from whom both lists hold alike; one that does not count spoils the list."""
    assert refused(signed(after, *signers), THREE) == said


def test_a_new_key_is_another_officer() -> None:
    """Who gets a new key needs two others for it."""
    moved = OfficerList(number=2, officers=(Officer(id="ann", key=KEYS["dot"].public_bytes), PEOPLE["ben"], PEOPLE["cas"]))
    with_old = SignedOfficerList.draft(moved, ORIGINS).signed_by("ann", KEYS["ann"]).signed_by("ben", KEYS["ben"])
    with_new = SignedOfficerList.draft(moved, ORIGINS).signed_by("ann", KEYS["dot"]).signed_by("ben", KEYS["ben"])

    assert [refused(with_old, THREE), refused(with_new, THREE)] == [NOT_BOTH, NOT_BOTH]
    assert signed(moved, "ben", "cas").check(THREE, ORIGINS) == moved


def test_signatures_are_over_these_bytes() -> None:
    """Other bytes, another kind of message, another's key: none counts."""
    good = signed(listed("ann", "ben", number=2), "ann", "ben")
    bare = SignedOfficerList(good.raw, {name: KEYS[name].sign(good.raw) for name in ("ann", "ben")})
    manifest = SignedOfficerList(good.raw, {name: KEYS[name].sign(lp("manifest", good.raw)) for name in ("ann", "ben")})
    found = [refused(one, THREE) for one in (SignedOfficerList(good.raw + b" ", good.signatures), bare, manifest)]

    assert found == ["an officer's signature does not verify"] * 3
    assert refused(SignedOfficerList(good.raw, {}).signed_by("ann", KEYS["ben"]).signed_by("ben", KEYS["ben"]), THREE) == found[0]


def test_one_deployments_list_says_nothing_in_another() -> None:
    """People may be officers twice."""
    elsewhere = signed(listed("ann", "ben", number=2), "ann", "ben", origins=ORIGINS[1:])

    assert refused(elsewhere, THREE) == "a list for other origins"


def test_lists_come_one_after_the_other() -> None:
    """A chain leads from the pinned list to the newest; a gap, a repetition and a fork do not."""
    second = signed(listed("ann", "ben", "cas", "dot", number=2), "ann", "ben")
    third = signed(listed("cas", "dot", number=3), "cas", "dot")

    assert follow(THREE, [second, third], ORIGINS) == listed("cas", "dot", number=3)
    with pytest.raises(OfficersBehind):
        follow(THREE, [third], ORIGINS)
    with pytest.raises(OfficersRefused, match="not the next number"):
        follow(THREE, [second, second], ORIGINS)


@pytest.mark.parametrize(
    "change",
    [
        {"number": "2"},
        {"number": 2.0},
        {"number": True},
        {"v": 2},
        {"extra": 1},
        {"officers": None},
        {"officers": [{"id": "ann", "key": b64u(bytes(31))}] * 2},
        {"officers": [{"id": "ann", "key": b64u(bytes(32))}, {"id": "ben", "key": b64u(bytes(32))}]},
        {"officers": [{"id": "ann", "key": b64u(bytes(32))}, {"id": "ann", "key": b64u(b"1" * 32)}]},
        {"officers": [{"id": "Ann\u202e", "key": b64u(bytes(32))}, {"id": "ben", "key": b64u(b"1" * 32)}]},
    ],
    ids=["text", "fraction", "boolean", "version", "extra", "nobody", "short-key", "same-key", "same-id", "odd-id"],
)
def test_odd_lists_are_no_lists(change: dict[str, Any]) -> None:
    """One person under two ids or with two entries, and values of other types, are refused whoever signed."""
    draft = SignedOfficerList.draft(listed("ann", "ben", number=2), ORIGINS)
    raw = json.dumps({**json.loads(draft.raw), **change}).encode()

    assert refused(SignedOfficerList(raw, {}).signed_by("ann", KEYS["ann"]).signed_by("ben", KEYS["ben"]), THREE) == (
        "not an officers' list"
    )


def test_an_officer_stands_once() -> None:
    """The list that deployment.json pins obeys the same rule."""
    with pytest.raises(ValidationError, match="same key"):
        OfficerList(number=1, officers=(PEOPLE["ann"], Officer(id="other", key=PEOPLE["ann"].key)))
    with pytest.raises(ValidationError, match="same id"):
        OfficerList(number=1, officers=(PEOPLE["ann"], Officer(id="ann", key=PEOPLE["ben"].key)))

    assert len(listed("ann", "ben").officers) == 2


@pytest.mark.parametrize("close", [None, bytes(16)], ids=["list", "close"])
def test_an_officers_request_is_read(close: bytes | None) -> None:
    """One officer alone may look, and may close."""
    made = SignedOfficerRequest.make(PEOPLE["ann"], KEYS["ann"], ORIGINS[0], NOW, close)
    found = made.check(THREE, ORIGINS[0], NOW + 100)

    assert (found.action, found.window) == ("list" if close is None else "close", close)


def test_refused_requests() -> None:
    """Stale, of somebody else, to another host, by another key, or without a window to close."""
    made = SignedOfficerRequest.make(PEOPLE["ann"], KEYS["ann"], ORIGINS[0], NOW)
    content = {**json.loads(made.raw), "action": "close"}
    no_window = json.dumps(content).encode()
    cases = [
        (made, ORIGINS[0], NOW + 121),
        (made, ORIGINS[0], NOW - 11),
        (made, ORIGINS[1], NOW),
        (SignedOfficerRequest(made.raw, "dot", made.signature), ORIGINS[0], NOW),
        (SignedOfficerRequest(made.raw, "ben", made.signature), ORIGINS[0], NOW),
        (SignedOfficerRequest(no_window, "ann", KEYS["ann"].sign(lp("officer-request", no_window))), ORIGINS[0], NOW),
        (SignedOfficerRequest(made.raw, "ann", KEYS["ann"].sign(made.raw)), ORIGINS[0], NOW),
    ]
    found = []
    for case, origin, now in cases:
        with pytest.raises(OfficersRefused) as caught:
            case.check(THREE, origin, now)
        found.append(str(caught.value))

    assert found == [
        "not a fresh request",
        "not a fresh request",
        "a request to another host",
        "not a current officer",
        "an officer's signature does not verify",
        "not a fresh request",
        "an officer's signature does not verify",
    ]
