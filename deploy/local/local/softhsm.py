"""SoftHSM, a PKCS#11 token in files: for tests and for trying a deployment whose keys are in tokens. It protects nothing.

Taken from the machine, else from Debian's package `softhsm2`: installed by root, unpacked into `.warifu-tools` by anybody else.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local import debian
from local.debian import run
from local.errors import NoSoftHsm, StepFailed
from local.layout import ROOT
from local.secrets import encode, keep_secret, private_folder

TOOLS: Final = ROOT / ".warifu-tools"
_UNPACKED: Final = TOOLS / "softhsm"
_PACKAGES: Final = ("softhsm2", "softhsm2-common", "libsofthsm2")
_PLACES: Final = ("usr/lib/softhsm", "usr/lib/*/softhsm", "usr/lib64/softhsm", "usr/local/lib/softhsm", "opt/homebrew/lib/softhsm")


@dataclass(frozen=True)
class SoftHsm:
    """Where it is."""

    module: Path
    util: Path

    def make_token(self, folder: Path, label: str) -> "SoftToken":
        """Return a token of its own in this folder, made the first time."""
        token = SoftToken(folder, label)
        if token.config.exists():
            return token
        private_folder(folder)
        private_folder(folder / "tokens")
        officer, pin = encode(keep_secret(folder / "so_pin")), encode(keep_secret(token.pin))
        draft = folder / "softhsm2.draft"
        draft.write_text(_configuration(folder / "tokens"), encoding="utf-8")
        program = (str(self.util), "--module", str(self.module), "--init-token", "--free")
        run([*program, "--label", label, "--so-pin", officer, "--pin", pin], {"SOFTHSM2_CONF": str(draft)})
        # Last of all: it says that the token is there.
        draft.rename(token.config)
        return token


@dataclass(frozen=True)
class SoftToken:
    """A token in a folder; a process finds it by its environment."""

    folder: Path
    label: str

    @property
    def config(self) -> Path:
        """The configuration file of SoftHSM."""
        return self.folder / "softhsm2.conf"

    @property
    def pin(self) -> Path:
        """File with the user's PIN."""
        return self.folder / "pin"

    @property
    def environment(self) -> Mapping[str, str]:
        """What a process needs, from its start on, to find the token."""
        return {"SOFTHSM2_CONF": str(self.config)}


def find() -> SoftHsm | None:
    """Return the machine's SoftHSM or the unpacked one, if there is one."""
    for root in (Path("/"), _UNPACKED):
        module = next((path for place in _PLACES for path in sorted(root.glob(f"{place}/libsofthsm2.so"))), None)
        util = shutil.which("softhsm2-util", path=os.pathsep.join(_programs(root)))
        if module and util:
            return SoftHsm(module, Path(util))
    return None


def ensure() -> SoftHsm:
    """Return SoftHSM, fetched when it is not there; raises NoSoftHsm where there is no apt to fetch it with, StepFailed."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = find()
        if found is None:
            if shutil.which("apt-get") is None:
                raise NoSoftHsm("there is no SoftHSM here, and no apt-get to fetch it: install softhsm2")
            if debian.may_install():
                debian.install(_PACKAGES[0])
            else:
                _unpack()
            found = find()
    if found is None:
        raise StepFailed("the package softhsm2 holds no libsofthsm2.so where it should be")
    return found


def _programs(root: Path) -> Iterator[str]:
    yield str(root / "usr" / "bin")
    if root == Path("/"):
        yield from (os.environ.get("PATH", ""), "/usr/local/bin", "/opt/homebrew/bin")


def _configuration(tokens: Path) -> str:
    return f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n"


def _unpack() -> None:
    """Fetch the packages with lists and cache of our own, and unpack them: nothing on the machine changes."""
    own = TOOLS / "apt"
    for name in ("state/lists/partial", "cache/archives/partial", "packages"):
        (own / name).mkdir(parents=True, exist_ok=True)
    options = [f"Dir::State={own}/state", "Dir::State::status=/var/lib/dpkg/status", f"Dir::Cache={own}/cache"]
    apt = ["apt-get", "-q", *(part for option in (*options, "Debug::NoLocking=1") for part in ("-o", option))]
    run([*apt, "update"])
    run([*apt, "download", *_PACKAGES], folder=own / "packages")
    draft = TOOLS / "softhsm.draft"
    shutil.rmtree(draft, ignore_errors=True)
    for package in sorted((own / "packages").glob("*.deb")):
        run(["dpkg", "-x", str(package), str(draft)])
    draft.rename(_UNPACKED)
    shutil.rmtree(own)
