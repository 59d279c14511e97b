"""What the demo shows of plan, do, check and act: members agree, a snapshot is made, the example plan filled, its year reviewed."""

import shutil
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from local import postgres, spawn
from local.layout import ROOT, Layout
from local.secrets import encode, keep_secret, write_private

NAME = "plan"
"""What the example is called."""
LANGUAGES = ("ja", "en")
_HOST = "anon-data"
_EXAMPLES = ROOT / "libs" / "plans" / "examples"
_AGREE = """
INSERT INTO consent (token, purpose, day, given, version)
SELECT m.token, p.purpose, (now() AT TIME ZONE 'UTC')::date, true, p.counts_from
FROM mailbox m CROSS JOIN consent_purpose p
WHERE p.purpose = 'analysis' AND NOT EXISTS (SELECT FROM consent c WHERE c.token = m.token AND c.purpose = p.purpose)
ORDER BY m.token;
"""
_LET_IN = """
\\set ON_ERROR_STOP on
ALTER ROLE warifu_analysis LOGIN PASSWORD :'password';
GRANT CONNECT ON DATABASE warifu TO warifu_analysis;
"""


async def agree(layout: Layout) -> None:
    """Let every fictional member who has said nothing yet agree to analysis, as each of them would at the portal."""
    await postgres.run_sql(layout, layout.host(_HOST), _AGREE, what="letting members agree")


async def snapshot(layout: Layout) -> str:
    """Make this month's snapshot as the analysis role, where there is none yet, and return what was said."""
    host, shelf = layout.host(_HOST), layout.snapshots
    if (shelf / f"{datetime.now(UTC):%Y-%m}").exists():
        return f"this month's snapshot is in {shelf}"
    password = encode(keep_secret(host.secrets / "analysis"))
    await postgres.run_sql(layout, host, f"\\set password '{password}'\n{_LET_IN}", what="letting the analysis role log in")
    url = host.secrets / "analysis.url"
    write_private(url, postgres.url(layout, host, "warifu_analysis", password))
    places = ["--to", str(shelf), "--analysis-url-file", str(url)]
    return await spawn.run(
        [sys.executable, "-m", "anon_data", "snapshot", "--config", str(host.config), *places],
        what="making a snapshot",
        network=layout.network(_HOST),
    )


async def review(layout: Layout, year: int) -> tuple[str, list[Path]]:
    """Fill the example plan in and write its review of a fiscal year in both languages; return what was filled in and files."""
    folder = layout.plans
    folder.mkdir(exist_ok=True)
    for example in sorted(_EXAMPLES.iterdir()):
        if not (folder / example.name).exists():
            shutil.copy(example, folder)
    plan, shelf = folder / f"{NAME}.toml", ["--shelf", str(layout.snapshots)]
    await spawn.run([*_PLANS, "fill", str(plan), *shelf], what="filling the plan in")
    actuals = tomllib.loads((folder / f"{NAME}.actuals.toml").read_text(encoding="utf-8"))["actuals"]
    shown = [one for one in actuals if one["mark"] != "hidden"]
    pages = {language: folder / f"review-{year}.{language}.html" for language in LANGUAGES}
    for language, page in pages.items():
        asked = ["--year", str(year), "--language", language, "-o", str(page)]
        await spawn.run([*_PLANS, "review", str(plan), *shelf, *asked], what="reviewing the plan")
    return f"{len(shown)} of {len(actuals)} values are shown, the others are of too few people", [
        folder / f"{NAME}.actuals.toml",
        *pages.values(),
    ]


_PLANS = (sys.executable, "-m", "plans")
