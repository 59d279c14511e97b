"""Key stores: the same keys in files and in a token; what a token never does; what an operator is told."""

import asyncio
import hmac
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, cast

import pkcs11
import pytest
from authority.config import AuthorityConfig, FileKeysConfig
from authority.key_store import make_missing, opened
from authority.key_store.pkcs11_token import login
from chassis.config import ConfigError, load_config
from chassis.problems import Unavailable
from local.softhsm import SoftHsm, SoftToken
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from protocol.authority_keys import AuthorityKeys
from protocol.names import AUTHORITIES
from protocol.signing import verify
from support.key_stores import BOTH_STORES, FileStore, KeyStore, TokenStore, write_secret

REF, SALT = bytes(16), bytes(32)


@pytest.fixture
def token(soft_token: tuple[SoftHsm, SoftToken]) -> Iterator[TokenStore]:
    """Yield keys of three authorities in a token."""
    with TokenStore.made(*soft_token) as store:
        for host in AUTHORITIES:
            store.keys(host)
        yield store


@BOTH_STORES
def test_keys_of_a_store(key_store: KeyStore) -> None:
    """Each authority's keys are its own, derive the same each time, and sign under the public key they show."""
    keys = {host: key_store.keys(host) for host in ("gateway", "keyvault", "identity")}
    shares = [{host: each.share(SALT, REF, 0) for host, each in keys.items()} for _ in range(2)]
    for each in keys.values():
        verify(each.signing.public_bytes, each.signing.sign(b"message"), b"message")

    assert shares[0] == shares[1]
    assert len({*shares[0].values()}) == 3
    assert len({each.public().signing for each in keys.values()}) == 3


def test_a_token_derives_as_a_file_does(token: TokenStore) -> None:
    """A root whose bytes are known gives in a token what it gives in a file."""
    raw = bytes(range(32))
    config = token.table("gateway", root_label=f"{token.prefix}-known")
    with _session(token) as session:
        session.create_object(_secret(config.root_label, raw, extractable=False))
    with opened("gateway", config) as inside:
        known = AuthorityKeys("gateway", raw, bytes(32))
        public = known.public().model_copy(update={"signing": inside.signing.public_bytes})

        assert inside.public() == public
        assert inside.share(SALT, REF, 3) == known.share(SALT, REF, 3)
        assert (inside.verifier_key, inside.derived("a")) == (known.verifier_key, known.derived("a"))


def test_no_secret_can_be_read(token: TokenStore) -> None:
    """The token shows no byte of root and signing key, wraps neither, and will not change that."""
    config = token.table("keyvault")
    with _session(token) as session:
        keys = [
            session.get_key(object_class=ObjectClass.SECRET_KEY, label=config.root_label),
            session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=config.signing_label),
        ]
        wrapping = session.generate_key(KeyType.AES, 256, capabilities=MechanismFlag.WRAP, store=False)
        for key in keys:
            with pytest.raises(pkcs11.AttributeSensitive):
                key[Attribute.VALUE]
            with pytest.raises(pkcs11.PKCS11Error):
                cast("Any", wrapping).wrap_key(key)
            with pytest.raises(pkcs11.PKCS11Error):
                key[Attribute.EXTRACTABLE] = True

        assert [key[Attribute.NEVER_EXTRACTABLE] for key in keys] == [True, True]
        assert [key[Attribute.ALWAYS_SENSITIVE] for key in keys] == [True, True]


def test_nothing_of_the_keys_holds_a_root(token: TokenStore) -> None:
    """What an authority keeps of a root in a token is the root's name."""
    keys = token.keys("gateway")
    keys.public()
    inside = vars(keys._root)

    assert (sorted(inside), inside["_label"]) == (["_label", "_token"], token.table("gateway").root_label)


@pytest.mark.parametrize(("sensitive", "extractable"), [(True, True), (False, True), (False, False)])
def test_a_root_that_the_token_would_show(token: TokenStore, sensitive: bool, extractable: bool) -> None:
    """A root that is extractable or not sensitive is refused."""
    config = token.table("gateway", root_label=f"{token.prefix}-open")
    with _session(token) as session:
        session.create_object(_secret(config.root_label, bytes(32), extractable=extractable, sensitive=sensitive))
    with pytest.raises(ConfigError) as refused, opened("gateway", config):
        pass

    assert str(refused.value).startswith("key `keys.root_label`: the token would show ")


@pytest.mark.parametrize("size", [16, 64])
def test_a_root_of_another_size(token: TokenStore, size: int) -> None:
    """A root has 32 bytes."""
    config = token.table("gateway", share_root_labels={2: f"{token.prefix}-size"})
    with _session(token) as session:
        session.create_object(_secret(config.share_root_labels[2], bytes(size), extractable=False))
    with pytest.raises(ConfigError) as refused, opened("gateway", config):
        pass

    assert str(refused.value) == f"key `keys.share_root_labels.2`: {config.share_root_labels[2]} should be a key of 32 bytes"


def test_two_keys_of_one_name(token: TokenStore) -> None:
    """A label that names two keys names none."""
    config = token.table("gateway", root_label=f"{token.prefix}-twice")
    with _session(token) as session:
        for _ in range(2):
            session.create_object(_secret(config.root_label, bytes(32), extractable=False))
    with pytest.raises(ConfigError) as refused, opened("gateway", config):
        pass

    assert str(refused.value) == f"key `keys.root_label`: the token has several keys called {config.root_label}"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"module": Path("/nowhere/module.so")}, "key `keys.module`: /nowhere/module.so is not a readable file"),
        ({"module": Path("/etc/hostname")}, "key `keys.module`: /etc/hostname cannot be used as a PKCS#11 module (PKCS11Error)"),
        ({"token": "another"}, " has no token called another"),
        (
            {"root_label": "another"},
            "key `keys.root_label`: the token has no secret key called another; the command",
        ),
        ({"signing_label": "another"}, "key `keys.signing_label`: the token has no private key called another; the command"),
        ({"share_root_labels": {3: "later"}}, "key `keys.share_root_labels.3`: the token has no secret key called later; the"),
    ],
)
def test_what_is_missing_is_named(token: TokenStore, changes: dict[str, Any], sentence: str) -> None:
    """A missing module, token or key is one sentence with the configuration's key."""
    with pytest.raises(ConfigError) as refused, opened("gateway", token.table("gateway", **changes)):
        pass

    assert sentence in str(refused.value)


@pytest.mark.parametrize("logged_in", [True, False])
def test_wrong_pin(soft_token: tuple[SoftHsm, SoftToken], tmp_path: Path, logged_in: bool) -> None:
    """A wrong PIN is refused without being shown, also where this process is logged in already."""
    store = TokenStore(*soft_token)
    config = store.table("gateway", pin_file=write_secret(tmp_path / "pin", "not-the-pin"))
    before = login(store.table("gateway")) if logged_in else nullcontext()
    with (
        before,
        pytest.raises(ConfigError) as refused,
        opened("gateway", config),
    ):
        pass

    assert str(refused.value) == f"key `keys.pin_file`: the token refuses the PIN in {tmp_path}/pin"


def test_making_keys_twice_changes_nothing(token: TokenStore, tmp_path: Path) -> None:
    """Keys that are there stay, in a token and in files; those of a new generation are added."""
    later = f"{token.prefix}-later"
    for before, after in (
        (token.table("identity"), token.table("identity", share_root_labels={2: later})),
        (_files(tmp_path), _files(tmp_path, share_root_files={2: tmp_path / "later"})),
    ):
        make_missing(before)
        with opened("identity", before) as keys:
            shown = (keys.public(), keys.share(SALT, REF, 0), keys.generations)
        make_missing(after)
        with opened("identity", after) as keys:
            assert (keys.public(), keys.share(SALT, REF, 0)) == shown[:2]
            assert (shown[2], keys.generations) == ((1,), (1, 2))
            assert keys.share(SALT, REF, 0, 2) != shown[1]

    assert [oct(path.stat().st_mode & 0o777) for path in sorted(tmp_path.iterdir())] == ["0o600"] * 3


def test_threads_at_once(token: TokenStore) -> None:
    """Threads that derive and sign at once each get their own answer."""
    keys = token.keys("gateway")
    expected = {number: keys.share(SALT, REF, number) for number in range(8)}
    wrong: list[int] = []

    def work(number: int) -> None:
        for _ in range(100):
            message = bytes([number]) * 50
            verify(keys.signing.public_bytes, keys.signing.sign(message), message)
            if keys.share(SALT, REF, number) != expected[number]:
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert len({*expected.values()}) == len(expected)


async def test_a_lost_session_is_opened_again(token: TokenStore) -> None:
    """When the token forgets its sessions the next call logs in again and is answered."""
    keys = token.keys("gateway")
    before = keys.share(SALT, REF, 0)
    with login(token.table("gateway")) as shared:
        shared._session.close()
        after = await asyncio.to_thread(keys.share, SALT, REF, 0)

        assert after == before
        verify(keys.signing.public_bytes, keys.signing.sign(b"message"), b"message")


def test_a_key_that_is_gone_is_unavailable(token: TokenStore) -> None:
    """A share whose root the token no longer has is a refusal that can be tried again, and no other share."""
    config = token.table("gateway", root_label=f"{token.prefix}-short-lived")
    with _session(token) as session:
        session.create_object(_secret(config.root_label, bytes(32), extractable=False))
    with opened("gateway", config) as keys:
        with _session(token) as session:
            session.get_key(object_class=ObjectClass.SECRET_KEY, label=config.root_label).destroy()
        with pytest.raises(Unavailable):
            keys.share(SALT, REF, 0)

    assert token.keys("gateway").share(SALT, REF, 0)


def test_the_last_to_leave_logs_out(soft_token: tuple[SoftHsm, SoftToken]) -> None:
    """A process logs in once however many use the token, and is logged out when nobody does."""
    store = TokenStore(*soft_token)
    make_missing(store.table("gateway"))
    with login(store.table("gateway")) as first, login(store.table("keyvault")) as second:
        key = cast("Any", first.key(ObjectClass.SECRET_KEY, store.table("gateway").root_label))
        key.sign(b"message", mechanism=Mechanism.SHA256_HMAC)
    with pytest.raises(pkcs11.SessionHandleInvalid):
        key.sign(b"message", mechanism=Mechanism.SHA256_HMAC)

    assert first is second


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ('root_file = "a"\nsigning_file = "b"\nmodule = "m"', "unknown key `keys.module`"),
        ('store = "file"\nroot_file = "a"', "missing key `keys.signing_file`"),
        (
            'store = "pkcs11"\nroot_file = "a"\nmodule = "m"\ntoken = "t"\npin_file = "p"\nroot_label = "r"\nsigning_label = "s"',
            "unknown key `keys.root_file`",
        ),
        ('store = "pkcs11"\nmodule = "m"\ntoken = "t"\npin_file = "p"\nroot_label = "r"', "missing key `keys.signing_label`"),
        ('store = "cloud"', "key `keys`: `store` should be file or pkcs11"),
        ("store = 3", "key `keys`: `store` should be file or pkcs11"),
        ('root_file = "a"\nsigning_file = "a"', "key `keys`: Value error, two keys have the same place"),
        ('root_file = "a"\nsigning_file = "b"\nshare_root_files = { 1 = "c" }', "key `keys.share_root_files.1"),
    ],
)
def test_wrong_tables_of_keys(tmp_path: Path, table: str, sentence: str) -> None:
    """A table of keys has the keys of its store and no other, and is spoken of as it is written."""
    path = tmp_path / "identity.toml"
    path.write_text(
        f'host = "identity"\nbind = "127.0.0.1:0"\ndeployment_file = "d"\n[database]\nurl_file = "u"\n[keys]\n{table}\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as refused:
        load_config(path, AuthorityConfig)

    assert str(refused.value).startswith(f"{path}: {sentence}")


def test_a_file_of_another_size(tmp_path: Path) -> None:
    """A secret in a file has 32 bytes."""
    config = _files(tmp_path)
    make_missing(config)
    write_secret(config.root_file, "AAAA")
    with pytest.raises(ConfigError) as refused, opened("gateway", config):
        pass

    assert str(refused.value) == f"{config.root_file}: should hold 32 bytes"


def test_file_store_is_hmac() -> None:
    """A share in a file is HMAC-SHA256 under the file's bytes, as any other program would compute it."""
    store = FileStore()
    message = bytes.fromhex("0000000f") + b"warifu/v1/share"

    assert store.keys("gateway")._root.mac(message) == hmac.digest(store._secrets["gateway"][0], message, "sha256")


def _session(token: TokenStore) -> Any:
    """Return a session that may write, logged in because this process is."""
    return pkcs11.lib(str(token.hsm.module)).get_token(token_label=token.token.label).open(rw=True)


def _secret(label: str, value: bytes, *, extractable: bool, sensitive: bool = True) -> dict[Attribute, Any]:
    return {
        Attribute.CLASS: ObjectClass.SECRET_KEY,
        Attribute.KEY_TYPE: KeyType.GENERIC_SECRET,
        Attribute.LABEL: label,
        Attribute.VALUE: value,
        Attribute.TOKEN: True,
        Attribute.SIGN: True,
        Attribute.SENSITIVE: sensitive,
        Attribute.EXTRACTABLE: extractable,
    }


def _files(folder: Path, **changes: Any) -> FileKeysConfig:
    return FileKeysConfig(root_file=folder / "root", signing_file=folder / "signing", **changes)
