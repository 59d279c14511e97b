"""What no committed file may hold: unfinished work, somebody's machine, addresses, secrets."""

import re
from pathlib import Path

from boundaries.repository import PRODUCT, ROOT, files, git, name_of, occurrences, text_of

CODE = (".py", ".mjs", ".js", ".sql", ".toml", ".sh", ".conf", "")
MAX_LINES = 400
# Domains that RFC 2606 and RFC 6761 keep for examples.
EXAMPLE_DOMAIN = r"(?:[\w-]+\.)*(?:example(?:\.(?:com|org|net|jp))?|test|invalid|localhost)"
# Folders in which anybody may keep a checkout: naming one says nothing about this machine.
COMMON = {Path(name) for name in ("/", "/tmp", "/var/tmp", "/home", "/root", "/opt", "/srv", "/usr/src", "/mnt", "/builds")}
VECTORS = ROOT / "contracts" / "vectors"
# RFC 7638 section 3.1: the thumbprint that every implementation is tried with.
PUBLISHED = {"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"}


def test_nothing_is_left_to_do() -> None:
    """Code holds no note of unfinished work and no stub."""
    words = "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", r"raise\s+NotImplemented" + "Error"))
    code = [path for path in files(*CODE) if path.name != "LICENSE"]

    assert list(occurrences(rf"\b(?:{words})\b", *code)) == []


def test_files_are_small() -> None:
    """No Python file is longer than 400 lines."""
    long = {name_of(path): len(text_of(path).splitlines()) for path in files(".py")}

    assert {name: lines for name, lines in long.items() if lines > MAX_LINES} == {}


def test_no_path_of_a_machine() -> None:
    """No file names the folder of this checkout, the folder around it, or somebody's home."""
    checkout = Path(git("rev-parse", "--show-toplevel").strip())
    named = [folder for folder in (checkout, checkout.parent, Path.home()) if folder not in COMMON]
    own = "|".join(re.escape(str(folder)) for folder in named)
    homes = r"/(?:home|Users)/[a-z][\w.-]*|/root"
    found = list(occurrences(rf"(?<![\w.~*$}}-])(?:{own}|{homes})/[\w.]", *_texts()))

    assert found == []


def test_no_address_of_a_person() -> None:
    """E-mail addresses are of example domains."""
    found = [
        (place, address)
        for place, address in occurrences(r"(?<![\w./:-])[\w.+-]+@[A-Za-z0-9][\w-]*(?:\.[\w-]+)*\.[A-Za-z]{2,}\b", *_texts())
        if not re.fullmatch(EXAMPLE_DOMAIN, address.partition("@")[2])
    ]

    assert found == []


def test_no_private_key() -> None:
    """No file holds a private key in PEM, however its lines are broken."""
    block = r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\s|\\n|[\"'])*[A-Za-z0-9+/]{40}"

    assert list(occurrences(block, *_texts())) == []


def test_no_secret() -> None:
    """Outside the vectors no file holds what looks like 32 random bytes in base64url."""
    texts = [path for path in _texts() if VECTORS not in path.parents]
    found = [
        (place, value)
        for place, value in occurrences(r"(?<![\w+/=-])[A-Za-z0-9_-]{43}(?![\w+/=-])", *texts)
        if _is_random(value) and value not in PUBLISHED
    ]

    assert found == []


def test_secrets_are_recognised() -> None:
    """What is generated as a secret is found, a long name is not."""
    assert (_is_random(next(iter(PUBLISHED))), _is_random("a_name_that_is_exactly_as_long_as_32_bytes_")) == (True, False)


def test_code_is_of_code_folders() -> None:
    """Every Python file that runs in a deployment is in a folder that these checks read."""
    tops = {path.relative_to(ROOT).parts[0] for path in files(".py")}

    assert tops - {*PRODUCT, "tests", "contracts"} == set()


def _texts() -> list[Path]:
    return [path for path in files() if b"\0" not in path.read_bytes()[:4096]]


def _is_random(value: str) -> bool:
    return all(re.search(kind, value) for kind in ("[a-z]", "[A-Z]", "[0-9]")) and len(set(value)) > 20
