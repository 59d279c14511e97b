"""``warifu login --code`` and ``warifu view`` at a real terminal."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from protocol.code import Code
from protocol.view_code import ViewCode
from rooms.sdk.model.world import World

LETTER = Code(bytes(range(16)))


def _typed(folder: Path, language: str, *answers: tuple[str, str], command: Sequence[str] = ("login", "--code")) -> tuple[int, str]:
    """Run the command on a terminal of its own, answer each prompt when it shows, and return what stood there."""
    deployment = folder / "deployment.json"
    deployment.write_text(World().deployment.model_dump_json(), encoding="utf-8")
    ours, theirs = pty.openpty()
    arguments = [*command, "--lang", language, "--deployment", str(deployment)]
    plain = {**os.environ, "TERM": "dumb"}
    warifu = str(Path(sys.executable).with_name("warifu"))
    child = subprocess.Popen([warifu, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, env=plain)
    os.close(theirs)
    shown = ""
    try:
        for prompt, answer in answers:
            shown += _until(ours, prompt)
            # getpass turns the echo off just after it has shown its prompt.
            time.sleep(0.3)
            os.write(ours, answer.encode() + b"\n")
        shown += _until(ours, None)
        return child.wait(20), shown
    finally:
        child.kill()
        child.wait()
        os.close(ours)


def _until(terminal: int, word: str | None) -> str:
    """Read until the word shows, or to the end."""
    shown, until = b"", time.monotonic() + 20
    while time.monotonic() < until and (word is None or word.encode() not in shown):
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                read = os.read(terminal, 4096)
            except OSError:
                break
            if not read:
                break
            shown += read
    return shown.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("language", "prompt", "said"), [("en", "card:", "at least 6 characters"), ("ja", "コード：", "6文字以上")]
)
def test_a_pin_is_never_echoed(tmp_path: Path, language: str, prompt: str, said: str) -> None:
    """The code shows as it is typed, the PIN does not; one that is too short is explained before any host is asked."""
    status, shown = _typed(tmp_path, language, (prompt, LETTER.text), ("PIN", "q7x"))

    assert (status, said in shown, LETTER.text in shown, "q7x" in shown) == (1, True, True, False)


def test_a_views_pin_is_never_echoed(tmp_path: Path) -> None:
    """The code and the PIN of a household view are asked for alike, without a sign-in."""
    code = ViewCode(bytes(16)).text
    status, shown = _typed(tmp_path, "en", ("view:", code), ("PIN", "q7x"), command=("view",))

    assert (status, "at least 6 characters" in shown, code in shown, "q7x" in shown) == (1, True, True, False)


def test_a_mistyped_code_is_explained(tmp_path: Path) -> None:
    """Nothing is asked after it."""
    status, shown = _typed(tmp_path, "en", ("card:", LETTER.text[:-1]))

    assert (status, "is missing, or there are too many" in shown, "PIN" in shown) == (1, True, False)
