"""Local authorities with their keys in tokens: each host has its own, in its own folder, and a home keeps to its kind of store."""

from pathlib import Path

import pytest
from local import ceremony, keys
from local import home as homes
from local.deployment import write_deployment
from local.errors import HomeMismatch, NoSoftHsm
from local.layout import AUTHORITIES, Layout
from protocol.deployment import Deployment


def test_a_home_keeps_its_key_store(tmp_path: Path) -> None:
    """What was asked for at first counts for good; a home from before there was a choice has files."""
    new, tokens, old = tmp_path / "new", tmp_path / "tokens", tmp_path / "old"
    chosen = [homes.key_store_of(new, asked) for asked in (None, "file", "pkcs11")]
    homes.mark(tokens, 8100, "pkcs11")
    homes.mark(old, 8100)
    (old / "key_store").unlink()

    assert chosen == ["file", "file", "pkcs11"]
    assert [homes.key_store_of(home, None) for home in (tokens, old)] == ["pkcs11", "file"]
    for home, asked in ((tokens, "file"), (old, "pkcs11"), (new, "cloud")):
        with pytest.raises(HomeMismatch):
            homes.key_store_of(home, asked)


def test_a_ceremony_with_tokens(home: Path) -> None:
    """Each authority gets a token that only its own folder has, keys that its own command made, and no secret file instead."""
    layout = Layout(home, key_store="pkcs11")
    try:
        ceremony.hold(layout)
    except NoSoftHsm as missing:
        pytest.skip(str(missing))
    write_deployment(layout)
    first = Deployment.load(layout.deployment).authorities
    ceremony.hold(layout)
    write_deployment(layout)
    files = [path for host in AUTHORITIES for path in layout.host(host).secrets.rglob("*") if path.is_file()]
    names = {path.relative_to(layout.home / "hosts").parts[2] for path in files}

    assert Deployment.load(layout.deployment).authorities == first
    assert (
        len({public.signing for public in first.values()})
        == len({keys.environment(layout, host)["SOFTHSM2_CONF"] for host in first})
        == 3
    )
    assert (keys.environment(layout, "programs"), keys.environment(Layout(home), "gateway")) == ({}, {})
    assert names & {"root", "signing"} == set()
    assert [path.name for path in files if path.stat().st_mode & 0o077 and path.name != "softhsm2.conf"] == []
