"""Apache Spark for analysis: PySpark in a folder of its own, which only `make spark` installs and uses."""

import hashlib
import os
import re
import shutil
import subprocess
import sys

from local.errors import LocalError
from local.layout import ROOT

FOLDER = ROOT / ".warifu-spark"
TESTS = ROOT / "tests" / "libs" / "analysis" / "spark_answers.py"
_LOCK = ROOT / "locks" / "spark.txt"
_JAVA = 17


def compare() -> int:
    """Answer every registered question by Spark and by DuckDB, and return how pytest ended."""
    check_java()
    install()
    return _run("pytest", "-q", str(TESTS))


def check_java() -> None:
    """Raise LocalError where there is no Java that Spark 4 runs on."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    said = subprocess.run([java, "-version"], check=False, capture_output=True, text=True).stderr if java else ""
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < _JAVA:
        raise LocalError(
            f"Apache Spark needs Java {_JAVA} or newer, by JAVA_HOME or on the path. On Debian: apt install openjdk-17-jre-headless"
        )


def install() -> None:
    """Install what the lock names, once; setuptools first, which builds PySpark."""
    stamp, wanted = FOLDER / "lock", hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    print(f"Installing Apache Spark into {FOLDER} (once; 450 MB) ...", flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    pins = re.split(r"\n(?=\S)", _LOCK.read_text(encoding="utf-8").strip())
    for chosen in ("setuptools", "py4j", "pyspark"):
        requirement = FOLDER / "requirement"
        requirement.write_text("".join(f"{pin}\n" for pin in pins if pin.startswith(f"{chosen}==")), encoding="utf-8")
        options = ("--quiet", "--require-hashes", "--no-deps", "--no-build-isolation", "--target", str(FOLDER))
        if _run("pip", "install", *options, "-r", str(requirement)):
            raise LocalError("Apache Spark cannot be installed, see above")
    stamp.write_text(wanted, encoding="ascii")


def _run(*module: str) -> int:
    """Run a module that sees what is in the folder, and return how it ended."""
    path = os.pathsep.join([str(FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path, "PYSPARK_PYTHON": sys.executable}
    return subprocess.run([sys.executable, "-m", *module], check=False, cwd=ROOT, env=environment).returncode
