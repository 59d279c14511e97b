"""Each service runs from its own lock: what it needs is what its room says, and nothing of development."""

import os
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOSTS = ("gateway", "keyvault", "identity", "anon-data", "programs")


def uv() -> str:
    """Return the uv that bootstrap installs, or one that is on the path."""
    own = Path(sys.prefix) / "bin" / "uv"
    found = str(own) if own.exists() else shutil.which("uv")
    if found is None:
        pytest.fail(
            f"uv is neither in {own.parent} nor on the path; deploy/local/bootstrap installs it (make test does that first)"
        )
    return found


def run(*command: str | Path, folder: Path) -> str:
    """Run a command away from the checkout and return what it prints."""
    hidden = ("PYTHONPATH", "VIRTUAL_ENV", "UV_PROJECT", "UV_COMPILE_BYTECODE")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment = {**environment, "UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([str(part) for part in command], cwd=folder, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, f"{Path(str(command[0])).name} {command[1]}: {done.stderr or done.stdout}"
    return done.stdout


@cache
def members() -> dict[str, Path]:
    """Return the folders of the workspace's own packages by name."""
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]["workspace"]["members"]
    return {project(path)["name"]: path.parent for pattern in patterns for path in ROOT.glob(f"{pattern}/pyproject.toml")}


def project(path: Path) -> dict[str, Any]:
    """Return a pyproject.toml's project table."""
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    return table


def needed(name: str) -> set[str]:
    """Return a workspace package and those of its own that it names as dependencies, and they in turn."""
    wanted = [need.partition("[")[0] for need in project(members()[name] / "pyproject.toml")["dependencies"]]
    below = [need for need in wanted if need in members()]
    return {name}.union(*(needed(need) for need in below))


def module(folder: Path) -> str:
    """Return the import name of a workspace package."""
    name: str = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]["build-backend"]["module-name"]
    return name


def content(package: Path) -> set[str]:
    """Return the files of a package, its migrations and grants among them, each by its path inside."""
    return {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"}


@pytest.mark.parametrize("host", HOSTS)
def test_service_runs_alone(host: str, tmp_path: Path) -> None:
    """A service installed from its lock and its own packages has all it needs, and speaks the committed contract."""
    package, python = host.replace("-", "_"), tmp_path / "venv" / "bin" / "python"
    own = [members()[name] for name in sorted(needed(f"warifu-{host}"))]
    install: list[str | Path] = [uv(), "pip", "install", "--quiet", "--python", python, "--no-deps"]
    run(uv(), "venv", "--quiet", "--no-project", "--python", sys.executable, tmp_path / "venv", folder=tmp_path)
    run(*install, "--require-hashes", "--requirements", ROOT / "locks" / f"{host}.txt", folder=tmp_path)
    run(*install, "--reinstall", *own, folder=tmp_path)  # uv would take an older build of the same version from its cache
    run(uv(), "pip", "check", "--quiet", "--python", python, folder=tmp_path)
    spoken = run(python, "-m", package, "openapi", folder=tmp_path)
    installed = next((tmp_path / "venv" / "lib").glob("python*/site-packages"))

    assert spoken == (ROOT / "contracts" / f"{host}.openapi.json").read_text(encoding="utf-8")
    assert [
        f"{folder.name}/{name}"
        for folder in own
        for name in sorted(content(folder / module(folder)) - content(installed / module(folder)))
    ] == []
