"""What a member writes in the shell."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from protocol.messages.records import ItemResult
from protocol.vitals import VITALS
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import World
from rooms.sdk.test_cli import TODAY, _run
from rooms.sdk.test_health_apps import connect, kit
from warifu.cli.words import WORDS, Language


async def test_any_kind_in_any_unit(world: World, sign_in: SignIn) -> None:
    """Units are converted, a day may be given, and what is deleted does not show."""
    good, shown, _ = await _run(
        sign_in,
        "weigh 143.3 lb; pressure 16 10.7 kPa; record pulse 61; record body-temperature 98.6 degF 2026-03-31;"
        "record sleep 7.5 hr; record waist 84.5; forget pulse 2026-04-01; vitals",
    )
    kept = world.stores["anon-data"].mailbox.vitals

    assert good, shown
    assert {key: one.value for key, one in kept.items()} == {
        (TODAY, "body-weight"): Decimal("65.00"),
        (TODAY, "systolic"): Decimal(120),
        (TODAY, "diastolic"): Decimal(80),
        (TODAY, "pulse"): None,
        (date(2026, 3, 31), "body-temperature"): Decimal("37.00"),
        (TODAY, "sleep"): Decimal(450),
        (TODAY, "waist"): Decimal("84.5"),
    }
    table = shown[shown.index("Measured at home") :]
    assert [word in table for word in ("Body temperature", "°C", "450", "84.5", "typed", "Pulse")] == [True] * 5 + [False]


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_notes(world: World, sign_in: SignIn, language: Language) -> None:
    """A note is written, shown and deleted; the store never sees a word of it."""
    good, shown, _ = await _run(
        sign_in, "note 頭が痛い; note 2026-03-30 よく眠れた; notes; forget-note 2026-03-30; notes", language
    )

    assert (good, shown.count("頭が痛い"), shown.count("よく眠れた")) == (True, 2, 1)
    assert [one.sealed is None for one in world.stores["anon-data"].mailbox.notes.values()] == [False, True]


async def test_health_apps(world: World, sign_in: SignIn, tmp_path: Path) -> None:
    """One file may hold what either app gives; sent twice it changes nothing."""
    file = tmp_path / "export.json"
    file.write_text(
        json.dumps([kit("BodyMass", 64.2, "kg"), connect("BloodPressureRecord", systolic={"inMillimetersOfMercury": 121}), 7])
    )
    good, shown, _ = await _run(sign_in, f"sync {file}; sync {file}")

    assert (good, "recorded 2 values" in shown, "recorded 0 values" in shown) == (True, False, True)
    assert [one.source for one in world.stores["anon-data"].mailbox.vitals.values()] == ["device"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("record weight 70", "Usage"),
        ("record pulse fast", "Usage"),
        ("record pulse 60 /min 2026-03-31 2026-03-30", "Usage"),
        ("weigh 70.12345", "Usage"),
        ("weigh 70 mmHg", "another unit"),
        ("forget pulse yesterday", "Usage"),
        ("note", "says something"),
        ("sync /nowhere/at-all.json", "cannot be read"),
    ],
)
async def test_wrong_input(world: World, sign_in: SignIn, line: str, said: str) -> None:
    """It is explained, and nothing is stored."""
    good, shown, _ = await _run(sign_in, line)

    assert (good, said in shown, world.stores["anon-data"].mailbox.vitals) == (False, True, {})


def test_every_kind_and_every_reason_has_words() -> None:
    """In both languages."""
    reasons = {"reason-out-of-range", "reason-future", "reason-too-old"}
    results = {f"result-{one}" for one in ItemResult.model_json_schema()["properties"]["result"]["enum"]}
    for words in WORDS.values():
        assert {*VITALS, *reasons, *results} <= set(words)
