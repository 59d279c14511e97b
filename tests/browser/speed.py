"""``python -m browser.speed``: how fast the portal is here, in Chromium at five hosts of one process. Nothing fails of it."""

import asyncio
import os
import statistics
import sys
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from browser.members_street import Street, go, sign_in, street_of_a_member
from browser.portal import ROOM
from browser.tabs import started, tab
from browser.visitor import PHONE
from health.items import Item, items
from playwright.async_api import Browser
from rooms.portal.sizes import first_view
from rooms.registrar.samples import quantity
from support.postgres import ThrowawayCluster

ROUNDS = 7
"""Signed in so often, the first time to warm up."""
YEARS = 10
MEASURED = {
    "body-height": 168.0,
    "body-weight": 71.5,
    "body-mass-index": 25.3,
    "waist-circumference": 86.0,
    "systolic-blood-pressure": 131,
    "diastolic-blood-pressure": 84,
    "triglycerides-fasting": 152,
    "hdl-cholesterol": 48,
    "ldl-cholesterol": 128,
    "ast": 28,
    "alt": 33,
    "gamma-gt": 47,
    "creatinine": 0.8,
    "glucose-fasting": 101,
    "hba1c-ngsp": 5.6,
    "hemoglobin": 14.6,
}
# What stands beside a result, and nowhere before it, says that checkups are readable.
_CLOCKS = """addEventListener('click', () => { globalThis.clicked ??= performance.now(); }, { capture: true });
  globalThis.seen = {};
  const look = () => {
    const has = (where, text) => [...document.querySelectorAll(where)].some((one) => one.textContent.includes(text));
    if (has('button', 'ログアウト')) seen.signedIn ??= performance.now() - clicked;
    if (has('main li', '基準')) seen.readable ??= performance.now() - clicked;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);"""
_REQUESTS = """() => performance.getEntriesByType('resource').filter((one) => one.startTime > clicked).map((one) => (
  { origin: new URL(one.name).origin, began: one.startTime - clicked, ended: one.responseEnd - clicked }))"""
_SCROLLED = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  let [before, longest, frames] = [await frame(), 0, 0];
  while (scrollY + innerHeight < document.documentElement.scrollHeight - 1) {
    scrollBy(0, 40);
    const now = await frame();
    [longest, frames, before] = [Math.max(longest, now - before), frames + 1, now];
  }
  return { longest, frames };
}"""

MEGABYTES = 300
# As telephones write them: mostly what nobody asks for, and among twenty one sample of steps.
_READ = """async (megabytes) => {
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const record = (type, unit, at) => `<Record type="HKQuantityTypeIdentifier${type}" sourceName="架空の時計" unit="${unit}"`
    + ` startDate="${day} 08:00:${at} +0900" endDate="${day} 08:00:${at} +0900" value="61"/>\\n`;
  const lines = [record('StepCount', 'count', '07'), ...Array(19).fill(record('HeartRate', 'count/min', '08'))].join('');
  const block = new Blob([lines.repeat(Math.ceil(1e6 / new Blob([lines]).size))]);
  const given = new DataTransfer();
  given.items.add(new File(['<HealthData>', ...Array(megabytes).fill(block), '</HealthData>'], 'export.xml'));
  const input = document.querySelector('input[type=file]');
  input.files = given.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const began = performance.now();
  let [before, longest, percent] = [began, 0, null];
  do {
    const now = await frame();
    [longest, before] = [Math.max(longest, now - before), now];
    percent = document.querySelector('main').textContent.match(/読み込んでいます… ([0-9]+)%/);
  } while (percent || before - began < 200);
  return { longest, took: before - began };
}"""


async def main() -> None:
    """Measure, and say what was found."""
    with tempfile.TemporaryDirectory(prefix="warifu-speed-") as folder:
        root = Path(folder)
        root.chmod(0o711)
        for part in ("postgres", "street"):
            (root / part).mkdir()
        cluster = ThrowawayCluster(root / "postgres")
        await asyncio.to_thread(cluster.start)
        try:
            # What hosts log is nobody's here.
            with redirect_stdout(StringIO()):
                async with street_of_a_member(cluster, root / "street", _checkups()) as street, started() as browser:
                    hosts = street.office.hosts.papers.deployment.origins
                    names = {**{origin: str(host) for host, origin in hosts.items()}, street.portal: "the portal's own server"}
                    runs = [await _one(browser, street) for _ in range(ROUNDS)][1:]
                    read = await _health_file(browser, street)
        finally:
            await asyncio.to_thread(cluster.stop)
    _say("from the press of the button to being signed in", [one["seen"]["signedIn"] for one in runs], "ms")
    _say(f"to {YEARS} years of checkups that can be read", [one["seen"]["readable"] for one in runs], "ms")
    for origin, name in names.items():
        asked = [[at for at in one["requests"] if at["origin"] == origin] for one in runs]
        _say(f"  {name}: requests", [len(one) for one in asked], "")
        _say(f"  {name}: time in which one was under way", [_busy(one) for one in asked], "ms")
    _say("longest frame while they are scrolled", [one["scrolled"]["longest"] for one in runs], "ms")
    _say(f"a health app's file of {MEGABYTES} MB read", [read["took"]], "ms")
    _say("longest frame meanwhile", [read["longest"]], "ms")
    print(f"first view: {first_view(ROOM / 'dist') / 1000:.0f} kB of compressed script")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def _checkups() -> list[list[str]]:
    known: dict[str, Item] = {}
    for item in items():
        known.setdefault(item.name, item)
    return [
        [quantity(known[name].code, str(value + year), known[name].unit or "1") for name, value in MEASURED.items()]
        for year in range(YEARS)
    ]


async def _one(browser: Browser, street: Street) -> dict[str, Any]:
    """Sign in on the page of checkups, and scroll through it."""
    async with tab(browser, **PHONE) as opened:
        page = opened.page
        await page.add_init_script(_CLOCKS)
        await page.goto(street.portal + "/checkups")
        await page.get_by_role("textbox", name="コード").fill(street.letter)
        await page.get_by_role("button", name="コードでログイン").click()
        await page.wait_for_function("() => seen.readable !== undefined", timeout=60_000)
        found = {"seen": await page.evaluate("() => seen"), "requests": await page.evaluate(_REQUESTS)}
        await page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")
        return {**found, "scrolled": await page.evaluate(_SCROLLED)}


async def _health_file(browser: Browser, street: Street) -> dict[str, float]:
    """Read a large file of a health app, packed by nothing, in a page that is signed in."""
    async with tab(browser, **PHONE) as opened:
        await sign_in(opened.page, street.portal, street.letter)
        await go(opened.page, "からだの記録")
        await opened.page.locator("input[type=file]").wait_for()
        read: dict[str, float] = await opened.page.evaluate(_READ, MEGABYTES)
        return read


def _busy(requests: list[dict[str, float]]) -> float:
    """Return how long at least one of them was under way."""
    total, until = 0.0, 0.0
    for one in sorted(requests, key=lambda one: one["began"]):
        total += max(0.0, one["ended"] - max(one["began"], until))
        until = max(until, one["ended"])
    return total


def _say(what: str, values: list[float], unit: str) -> None:
    print(f"{what}: {statistics.median(values):.0f} {unit} (from {min(values):.0f} to {max(values):.0f})".replace("  (", " ("))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
