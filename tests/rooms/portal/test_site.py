"""The portal's files as they are served, and as they are written."""

import base64
import hashlib
import json
import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from browser.portal import ROOM, portal_served
from local.node import node
from local.node_packages import portal
from rooms.gateway.house import deployment_of
from support.upstream import listener

SITE = ROOM / "site"
PAGES = sorted(SITE.rglob("*.html"))
SCRIPTS = sorted(SITE.rglob("*.js"))


STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
}


def directives(policy: str) -> dict[str, str]:
    return dict(directive.split(" ", 1) for directive in policy.split("; "))


def sha384(content: bytes) -> str:
    return f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    door = listener()
    origin = f"http://localhost:{door.getsockname()[1]}"
    door.close()
    file = tmp_path / "deployment.json"
    deployment = deployment_of("https://gateway.example", "https://keyvault.example", "https://identity.example", portal=origin)
    file.write_text(deployment.model_dump_json())
    async with portal_served(file, origin), httpx.AsyncClient(base_url=origin) as client:
        yield client


async def test_every_answer_has_the_policy(client: httpx.AsyncClient) -> None:
    """Sign-in page, scripts, what is not there and what is not allowed: nothing inline, no other origin but the gateway."""
    paths = [
        "/sign-in/",
        "/sign-in/main.js",
        "/sign-in",
        "/nothing",
        "/../package.json",
        "/%2e%2e/package.json",
        "/deployment.json",
    ]
    answers = [await client.get(path) for path in paths] + [await client.post("/sign-in/")]
    policies = {answer.headers["content-security-policy"] for answer in answers}

    assert [answer.status_code for answer in answers] == [200, 200, 303, 404, 404, 404, 200, 405]
    (policy,) = policies
    assert directives(policy) == {**STRICT, "connect-src": "'self' https://gateway.example", "trusted-types": "'none'"}
    assert {answer.headers["referrer-policy"] for answer in answers} == {"no-referrer"}


async def test_the_portals_own_policy(client: httpx.AsyncClient) -> None:
    """Its page talks to the hosts and the group's provider; one import map stands in it, which its hash allows."""
    pages = [await client.get(path) for path in ("/", "/display")]
    told = (await client.get("/deployment.json")).json()
    connect = [*told["origins"].values(), *(idp["issuer"] for idp in told["group_idps"])]
    (map_text,) = re.findall(r'<script type="importmap">(.*?)</script>', pages[0].text)

    assert [page.content for page in pages] == [pages[0].content] * 2
    assert directives(pages[0].headers["content-security-policy"]) == {
        **STRICT,
        "script-src": f"'self' '{sha384(map_text.encode())}'",
        "connect-src": f"'self' {' '.join(connect)}",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "trusted-types": "warifu-worker",
    }


async def test_where_sign_ins_lead_back_to(client: httpx.AsyncClient) -> None:
    """Whoever follows the gateway's answer may read the page, which speaks to no network and starts one script of its own."""
    page = await client.get("/signed-in/", params={"code": "c", "state": "s"})
    (map_text,) = re.findall(r'<script type="importmap">(.*?)</script>', page.text)

    assert (page.status_code, page.headers["access-control-allow-origin"]) == (200, "*")
    assert directives(page.headers["content-security-policy"]) == {
        **STRICT,
        "script-src": f"'self' '{sha384(map_text.encode())}'",
        "trusted-types": "'none'",
    }
    assert {page.headers[name] for name in ("cross-origin-opener-policy", "integrity-policy", "referrer-policy")} == {
        "same-origin",
        "blocked-destinations=(script)",
        "no-referrer",
    }


async def test_every_file_is_served(client: httpx.AsyncClient) -> None:
    """Under its name, with its type, as it stands in the repository."""
    files = [path for path in SITE.rglob("*") if path.is_file()]
    served = {path: await client.get("/" + path.relative_to(SITE).as_posix().removesuffix("index.html")) for path in files}

    assert [path.name for path, answer in served.items() if answer.content != path.read_bytes()] == []
    assert {answer.headers["content-type"].split(";")[0] for answer in served.values()} == {
        "text/html",
        "text/css",
        "text/javascript",
        "image/svg+xml",
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_nothing_is_inline(page: Path) -> None:
    """No script, style or handler stands in a page, and nothing in it comes from elsewhere."""
    text = page.read_text()

    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text) == []
    assert re.findall(r"""(?:src|href)=["'](?:[a-z]+:)?//""", text) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_make_no_markup(script: Path) -> None:
    """No script makes markup or code from text, keeps anything in the browser, or imports from elsewhere."""
    text = script.read_text()

    assert re.findall(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|Storage\b|indexedDB", text) == []
    assert [target for target in re.findall(r"from '([^']+)'", text) if not target.startswith(".")] == []


@pytest.mark.parametrize("project", ["tsconfig.json", "app/tsconfig.json"])
def test_types(project: str) -> None:
    """TypeScript finds nothing, in the portal and in what the sign-in page's comments say of types."""
    compiler = portal() / "node_modules" / "typescript" / "bin" / "tsc"
    done = subprocess.run([node(), compiler, "-p", ROOM / project], capture_output=True, text=True, check=False)

    assert (done.stdout, done.returncode) == ("", 0)


def test_both_languages_say_everything() -> None:
    """Each word of the page exists in both languages, and none is left over."""
    show = "import('./words.js').then(({ WORDS }) => console.log(JSON.stringify(Object.values(WORDS).map(Object.keys))))"
    done = subprocess.run([node(), "-e", show], cwd=SITE / "sign-in", capture_output=True, text=True, check=True)
    ja, en = json.loads(done.stdout)
    used = re.findall(r'data-word="(\w+)"', (SITE / "sign-in" / "index.html").read_text())
    said = [*re.findall(r"\bw\.(\w+)", (SITE / "sign-in" / "main.js").read_text()), "length", "character", "checksum"]

    assert ja == en
    assert sorted(set(used + said)) == sorted(ja)
