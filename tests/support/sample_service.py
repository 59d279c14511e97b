"""A small service made of the chassis alone; run as a program it has the command line of every service."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sa
from chassis.app import App, Command, Service, Worker
from chassis.config import ConfigError, ServiceConfig
from chassis.database import statement
from chassis.deps import Db, Now, state
from chassis.main import main
from chassis.partners import partner
from chassis.problems import Problem, problems
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

SQL = Path(__file__).parent / "sample_sql"

metadata = sa.MetaData()
folder = sa.Table(
    "folder",
    metadata,
    sa.Column("id", sa.LargeBinary, primary_key=True),
    sa.Column("parent", sa.LargeBinary, sa.ForeignKey("folder.id")),
)
note = sa.Table(
    "note",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("folder", sa.LargeBinary, sa.ForeignKey("folder.id"), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("size", sa.SmallInteger, nullable=False),
    sa.Column("price", sa.Numeric(10, 2)),
    sa.Column("tags", ARRAY(sa.Text), nullable=False),
    sa.Column("keys", ARRAY(sa.LargeBinary), nullable=False),
    sa.Column("extra", JSONB),
    sa.Column("seen", sa.DateTime(timezone=True)),
    sa.Column("good", sa.Boolean, nullable=False),
)
COUNT_FOLDERS = statement(sa.select(sa.func.count()).select_from(folder))


class NoSuchShelf(Problem):
    """There is no shelf of this name."""

    type = "no-such-shelf"
    title = "There is no such shelf"
    status = 404


class SampleConfig(ServiceConfig):
    """The configuration of the sample."""

    greeting: str
    root_file: Path


class Parcel(BaseModel):
    """What is sent; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")

    weight: int
    label: str = ""
    sizes: dict[str, int] = {}


class Answer(BaseModel):
    """What comes back."""

    text: str


Greeting = Annotated[str, state("greeting")]
router = APIRouter(prefix="/shelves", tags=["shelves"])


@router.get("/greeting")
async def greeting(greeting: Greeting, now: Now) -> Answer:
    """Say the configured greeting and the year."""
    return Answer(text=f"{greeting} {now.now().year}")


@router.get("/count")
async def count(db: Db) -> Answer:
    """Count the folders."""
    async with db.transaction("count-folders", readonly=True) as tx:
        return Answer(text=str(await COUNT_FOLDERS.scalar(tx)))


@router.get("/slow")
async def slow(db: Db) -> Answer:
    """Wait in the database."""
    async with db.statements("slow") as tx:
        await tx.run("SELECT pg_sleep(0.15)")
    return Answer(text="done")


@router.post("/{shelf}/parcels", responses=problems(NoSuchShelf))
async def put(shelf: str, parcel: Parcel) -> Answer:
    """Refuse every shelf but one."""
    if shelf != "top":
        raise NoSuchShelf(shelves=1, headers={"Retry-After": "3"})
    return Answer(text=str(parcel.weight))


@router.get("/broken/{word}")
async def broken(word: str) -> Answer:
    """Fail with a text that quotes what was sent."""
    raise RuntimeError(f"secret {word}")


@router.get("/{shelf}/audit")
@partner("auditor")
async def audit(shelf: str) -> Answer:
    """Answer the auditor."""
    return Answer(text=f"{shelf} was looked at")


@asynccontextmanager
async def start(app: App[SampleConfig]) -> AsyncIterator[Mapping[str, object]]:
    """Put the greeting into the state."""
    yield {"greeting": app.config.greeting, "ticks": []}


async def tick(app_state: Any) -> None:
    """Leave a trace of the worker."""
    app_state.ticks.append(1)
    await asyncio.sleep(0)
    raise RuntimeError("workers go on after a failure")


async def greet(config: SampleConfig) -> str:
    """Say the configured greeting, unless there is nothing to say."""
    if not config.greeting:
        raise ConfigError("key `greeting`: should say something")
    return config.greeting


async def require_greeting(config: SampleConfig) -> None:
    """Look at the greeting."""
    await greet(config)


SERVICE = Service(
    name="programs",
    config_kind=SampleConfig,
    routers=[router],
    migrations=[SQL / "migrations"],
    grants=SQL / "grants.sql",
    start=start,
    sealed_tables=["note", "folder"],
    workers=[Worker("tick", 0.02, tick)],
    coarse_logs=True,
    commands=[Command("greet", "say the greeting", greet)],
    checks=[require_greeting],
)


def write_sample(folder: Path, url: str, bind: str = "127.0.0.1:0") -> Path:
    """Write the sample's configuration, secrets and deployment file; return the configuration's path."""
    for name, text in {"root.key": "AAECAwQF", "runtime.url": url}.items():
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(text + "\n", encoding="ascii")
    (folder / "deployment.json").write_text("{}", encoding="ascii")
    path = folder / "programs.toml"
    path.write_text(
        f'host = "programs"\nbind = "{bind}"\ndeployment_file = "deployment.json"\ngreeting = "hello"\nroot_file = "root.key"\n'
        'cors_origins = ["http://localhost:8120"]\n[database]\nurl_file = "runtime.url"\n',
        encoding="utf-8",
    )
    return path


if __name__ == "__main__":
    main(SERVICE)
