"""Token keys: published before they sign and after, rotated without a restart, dropped at once when they must be."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from chassis.config import ConfigError
from gateway.start import reread_token_keys
from gateway.token_keys import PUBLISHED_AFTER_S, PUBLISHED_BEFORE_S, KeyFiles, TokenKeyFiles, TokenKeys, lines, make_key, rotate
from gateway.tokens import RsaTokenKey, SigningKey, TokenKey
from protocol import jose
from rooms.gateway.house import House
from rooms.gateway.program import Browser, Program

NOW = 1_800_000_000


AnyFiles = KeyFiles[SigningKey]


@pytest.fixture(params=[TokenKey, RsaTokenKey])
def files(tmp_path: Path, request: pytest.FixtureRequest) -> AnyFiles:
    """Make a current key and one that was published a day ago."""
    found: AnyFiles = KeyFiles(request.param, tmp_path / "token", tmp_path / "token.next", tmp_path / "token.retired")
    assert found.next is not None
    for file in (found.current, found.next):
        make_key(file, found.kind)
        os.utime(file, (NOW - PUBLISHED_BEFORE_S, NOW - PUBLISHED_BEFORE_S))
    return found


def kids(files: AnyFiles, now: int) -> list[str]:
    return [jwk["kid"] for jwk in TokenKeys(files, now).published]


def test_rotation_publishes_before_and_after(files: AnyFiles) -> None:
    """The next key signs, a fresh one follows it, and the one before stays for a day."""
    old, following = kids(files, NOW)
    rotate(files, NOW, compromised=False)
    after, later = kids(files, NOW + PUBLISHED_AFTER_S - 1), kids(files, NOW + PUBLISHED_AFTER_S)

    assert (after[0], after[2], old in after, later[0], len(later)) == (following, old, True, following, 2)
    assert oct(files.current.stat().st_mode & 0o777) == "0o600"


def test_key_that_nobody_has_seen_does_not_sign(files: AnyFiles) -> None:
    """Others keep what is published; a key is put in use a day after it could be seen."""
    before = kids(files, NOW)
    assert files.next is not None
    os.utime(files.next, (NOW - PUBLISHED_BEFORE_S + 1, NOW - PUBLISHED_BEFORE_S + 1))
    with pytest.raises(ConfigError, match="23 hours"):
        rotate(files, NOW, compromised=False)

    assert kids(files, NOW) == before


def test_compromised_key_is_dropped_at_once(files: AnyFiles) -> None:
    """However fresh the next one is: what the thief signs is worth nothing from now on."""
    old, following = kids(files, NOW)
    assert files.next is not None
    os.utime(files.next)
    rotate(files, NOW, compromised=True)

    assert (old in kids(files, NOW), kids(files, NOW)[0]) == (False, following)


def test_first_rotation_makes_the_next_key(files: AnyFiles) -> None:
    """Where there is none it is made and published, and nothing else happens."""
    assert files.next is not None
    files.next.unlink()
    current = kids(files, NOW)
    said = rotate(files, NOW, compromised=False)

    assert (kids(files, NOW)[:1], len(kids(files, NOW)), "24 hours" in said) == (current, 2, True)


@pytest.mark.parametrize("compromised", [False, True])
def test_rotation_needs_both_other_files(files: AnyFiles, compromised: bool) -> None:
    """Without a place for the next key or for those before it nothing is rotated, not even a compromised key."""
    before = files.current.read_bytes()
    for without in (replace(files, next=None), replace(files, retired=None)):
        with pytest.raises(ConfigError, match="are needed to rotate"):
            rotate(without, NOW, compromised=compromised)

    assert files.current.read_bytes() == before


def test_where_there_is_no_key_the_first_one_is_made(files: AnyFiles) -> None:
    """An algorithm that is new needs no tool of others."""
    files.current.unlink()
    said = rotate(files, NOW, compromised=False)

    assert ("next start" in said, len(kids(files, NOW)), oct(files.current.stat().st_mode & 0o777)) == (True, 2, "0o600")


@pytest.mark.parametrize("text", ["", "[]", '{"keys": [{"kty": "EC"}]}', '{"keys": [{"retired": 1}]}'])
def test_broken_memory_of_keys_is_an_error(files: AnyFiles, text: str) -> None:
    """A file that is no list of keys stops the start and the rotation, with a sentence."""
    assert files.retired is not None
    files.retired.write_text(text)
    with pytest.raises(ConfigError, match="JWK set"):
        TokenKeys(files, NOW)


def test_list_says_which_is_which(files: AnyFiles) -> None:
    """One line a key, no secrets."""
    rotate(files, NOW, compromised=False)
    said = lines(files, NOW)

    assert [line.split(": ")[1] for line in said] == ["in use", "next", f"signed until {NOW}"]


async def test_running_gateway_signs_with_the_new_key(house: House) -> None:
    """Without a restart: tokens of before still verify, new ones bear the next key's id, hints of before still sign out."""
    gateway, program, browser = house.app.state.gateway, Program(house), Browser(house)
    found = gateway.token_keys._files
    extended = TokenKeyFiles(
        TokenKey, found.current, found.current.with_name("token.next"), found.current.with_name("token.retired")
    )
    assert extended.next is not None
    make_key(extended.next)
    os.utime(extended.next, (0, 0))
    gateway.token_keys._files = extended
    await reread_token_keys(house.app.state)
    published = [jwk["kid"] for jwk in (await house.client.get("/jwks")).json()["keys"] if jwk["alg"] == "ES256"]
    before = await program.sign_in(browser)
    rotate(extended, house.fixed.timestamp(), compromised=False)
    await reread_token_keys(house.app.state)
    after = await program.sign_in(browser)
    ids = [jose.peek_header(answer["id_token"])["kid"] for answer in (before, after)]

    assert (ids, (await program.userinfo(before["access_token"])).status_code) == (published, 200)
    assert (await browser.go("GET", "/logout", params={"id_token_hint": before["id_token"]})).status_code == 200
    assert (await house.sql("SELECT count(*) FROM sign_in"))[0][0] == 0
    assert json.loads(extended.retired.read_text())["keys"][0]["kid"] == ids[0]  # type: ignore[union-attr]  # it was given
