"""The TypeScript SDK: its own tests as Node runs them, and what it makes, looked at from the Python side."""

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from local.node import node
from local.node_packages import typescript_sdk
from protocol import dpop, proof
from protocol.bundle import Bundle
from protocol.code import Code
from protocol.encoding import lp, unb64u
from protocol.labels import open_label
from protocol.notes import open_note
from protocol.record import open_profile
from protocol.sealing import XWingPrivateKey, unseal
from protocol.statement import Statement

HERE = Path(__file__).parent
TESTS = sorted(HERE.glob("*.test.mjs"))
NOW = 1_800_000_000
DAY = date(2026, 11, 20)
URL = "http://localhost:8104/me/vitals?since=2026-04-01"


def run(*words: str | Path, **asked: Any) -> str:
    """Run Node on the built package and return what it printed."""
    typescript_sdk()
    done = subprocess.run([node(), *words], input=json.dumps(asked).encode(), capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return done.stdout.decode()


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.name.removesuffix(".test.mjs"))
def test_node(file: Path) -> None:
    """Every test of the file passes."""

    assert "# fail 0" in run("--test", "--test-reporter=tap", file)


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(HERE / "made.mjs", now=NOW, url=URL))
    return told


def test_what_it_seals_opens(made: dict[str, Any]) -> None:
    """X-Wing, AES-GCM, bundle, record, name and note, all bound to what they belong to."""
    key, seed = unb64u(made["key"]), unb64u(made["seed"])
    bundle = Bundle.open(unb64u(made["bundle"]), key, bytes(16), 7)
    profile = open_profile(unb64u(made["record"]), key, bytes(16), 2)

    assert XWingPrivateKey(seed).open(unb64u(made["xwing"]), lp("info")) == "割符".encode()
    assert XWingPrivateKey(seed).public_bytes == unb64u(made["public"])
    assert unseal(key, unb64u(made["aes"]), lp("info")) == "割符".encode()
    assert (bundle.record_key, bundle.seeds["programs"], bundle.readers["anon-data"], bundle.mailbox) == (key, key, (seed,), seed)
    assert (profile.name, profile.site) == ("架空 花子", "")
    assert open_label(unb64u(made["label"]), seed, bytes(16)) == "財布のカード"
    assert open_note(unb64u(made["note"]), seed, key, DAY, 5 << 20) == "朝、少し頭が痛い。"


def test_what_it_signs_verifies(made: dict[str, Any]) -> None:
    """Both kinds of proof, of one key; and a statement in the one form that hosts accept."""
    found = proof.check(made["proof"], "PUT", URL, b"{}", NOW)
    shown = dpop.check(made["dpop"], "PUT", URL, NOW, "token")
    statement = Statement.parse(unb64u(made["statement"]))

    assert (found.subject, found.jkt, shown.jkt) == (bytes(32), unb64u(made["jkt"]), unb64u(made["jkt"]))
    assert (statement.purpose, statement.h, statement.body) == ("add", unb64u(made["h"]), None)
    assert Code.parse(made["code"]).text == made["code"]
