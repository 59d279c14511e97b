"""Configuration files and secrets."""

from pathlib import Path

import pytest
from chassis.config import ConfigError, load_config, named_files, read_secret
from support.sample_service import SampleConfig, write_sample


def test_relative_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    """Paths of nested tables too are resolved against the folder of the TOML file."""
    config = load_config(write_sample(tmp_path, "postgresql://nobody@localhost/none"), SampleConfig)

    assert [config.deployment_file, config.database.url_file] == [tmp_path / "deployment.json", tmp_path / "runtime.url"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("colour = 3", "unknown key `colour`"),
        ("pool_max = 0", "key `database.pool_max`: Input should be greater than or equal to 1"),
        ("pool_maxx = 4", "unknown key `database.pool_maxx`"),
        ("[database", "is not TOML"),
    ],
)
def test_wrong_keys_are_named(tmp_path: Path, line: str, sentence: str) -> None:
    """The error names the file and the key."""
    path = write_sample(tmp_path, "postgresql://nobody@localhost/none")
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}{line}\n" if "pool" in line or "[" in line else f"{line}\n{text}", encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_config(path, SampleConfig)

    assert str(error.value).startswith(f"{path}: {sentence}")


@pytest.mark.parametrize(
    "bind", ["8101", ":8101", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:http", "127.0.0.1:８１０１"]
)
def test_where_to_listen(tmp_path: Path, bind: str) -> None:
    """An address without a port, or a port that is none, is named; nothing listens anywhere else instead."""
    with pytest.raises(ConfigError, match=r"key `bind`: .*should be an address and a port, as 127\.0\.0\.1:8101"):
        load_config(write_sample(tmp_path, "x", bind), SampleConfig)
    good = [load_config(write_sample(tmp_path, "x", one), SampleConfig).bind_address for one in ("127.0.0.1:0", "[::1]:65535")]

    assert good == [("127.0.0.1", 0), ("::1", 65535)]


def test_partners_without_tls(tmp_path: Path) -> None:
    """A listener for partners knows them by their certificates, so there is none without TLS."""
    path = write_sample(tmp_path, "x")
    with path.open("a", encoding="utf-8") as file:
        file.write('\n[partners]\nbind = "127.0.0.1:0"\nauthority_file = "authority.pem"\n')
    with pytest.raises(ConfigError, match="partners need tls"):
        load_config(path, SampleConfig)


def test_missing_key_is_named(tmp_path: Path) -> None:
    """A missing key is named."""
    path = write_sample(tmp_path, "x")
    path.write_text(path.read_text(encoding="utf-8").replace("greeting", "#"), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_config(path, SampleConfig)

    assert str(error.value) == f"{path}: missing key `greeting`"


def test_environment_overrides_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """WARIFU_<SERVICE>_DATABASE_URL_FILE points elsewhere."""
    monkeypatch.setenv("WARIFU_PROGRAMS_DATABASE_URL_FILE", "/elsewhere/url")

    assert load_config(write_sample(tmp_path, "x"), SampleConfig).database.url_file == Path("/elsewhere/url")


def test_named_files_are_found(tmp_path: Path) -> None:
    """Every key that names a file is listed for the check command."""
    config = load_config(write_sample(tmp_path, "x"), SampleConfig)

    assert sorted(key for key, _ in named_files(config)) == ["database.url_file", "deployment_file", "root_file"]


def test_secret_is_read(tmp_path: Path) -> None:
    """A secret is base64url text with or without a line end."""
    write_sample(tmp_path, "x")

    assert read_secret(tmp_path / "root.key") == bytes(range(6))


@pytest.mark.parametrize("text", ["", "AAE=", "AA E", "AAEB+w", "AAF"])
def test_secret_in_another_form_is_refused(tmp_path: Path, text: str) -> None:
    """Padding, blanks, other alphabets and stray bits are refused without showing the text."""
    path = tmp_path / "key"
    path.touch(mode=0o600)
    path.write_text(text, encoding="ascii")
    with pytest.raises(ConfigError) as error:
        read_secret(path)

    assert not text or text not in str(error.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_secret_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    """A secret that group or others may touch is refused."""
    write_sample(tmp_path, "x")
    (tmp_path / "root.key").chmod(mode)
    with pytest.raises(ConfigError, match="owner alone") as error:
        read_secret(tmp_path / "root.key")

    assert "root.key" in str(error.value)


def test_secret_that_is_no_file(tmp_path: Path) -> None:
    """A folder in a secret's place is said to be none, whoever may look into it."""
    (tmp_path / "folder").mkdir(mode=0o700)
    with pytest.raises(ConfigError, match="folder: a secret should be a file"):
        read_secret(tmp_path / "folder")
