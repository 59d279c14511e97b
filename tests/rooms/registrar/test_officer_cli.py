"""The officers' command, away from any host: what is shown, what is checked, what is signed."""

import json
import os
import stat
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from protocol.encoding import b64u, unb64u
from protocol.manifest import PURPOSES, USES, WITH_SUBJECTS, Manifest, Purpose, SignedManifest
from protocol.names import HOSTS
from protocol.signing import SigningKey
from registrar.cli import app as registrar
from registrar.officer_cli import words
from registrar.officer_cli.app import app
from registrar.signing_request import SigningRequest
from registrar.windows import now_seconds
from rooms.registrar.paperwork import Paperwork, paperwork
from typer.testing import CliRunner, Result

runner = CliRunner()
PEOPLE = ("101:100001:00 架空谷 もふ太郎", "101:100002:00 仮名山 ぽん子")


class Desk:
    """A registrar's workstation and two officers' machines, on paper."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.papers: Paperwork = paperwork(folder)
        self.file = folder / "request.json"
        (folder / "deployment.json").write_text(self.papers.deployment.model_dump_json(), encoding="utf-8")

    def registrar(self, *arguments: str) -> Result:
        where = ["--home", str(self.papers.home), "--deployment", str(self.folder / "deployment.json")]
        return runner.invoke(registrar, [*arguments, *where])

    def officer(self, *arguments: str, answer: str | None = None) -> Result:
        return runner.invoke(app, [*arguments, "--deployment", str(self.folder / "deployment.json")], input=answer)

    def request(self, purpose: Purpose, *arguments: str) -> None:
        people: Sequence[str] = ()
        if purpose in WITH_SUBJECTS:
            table = self.folder / "subjects.csv"
            rows = [f"{host},{b64u(os.urandom(16))},{label}" for host in HOSTS for label in PEOPLE]
            table.write_text("\n".join(rows), encoding="utf-8")
            people = ("--subjects", str(table))
        done = self.registrar("window", "request", "--purpose", purpose, "-o", str(self.file), *people, *arguments)
        assert done.exit_code == 0, done.output

    def show(self, lang: str = "en") -> Result:
        return self.officer("show", str(self.file), "--lang", lang)

    def sign(self, which: int, *arguments: str, answer: str | None = None) -> Result:
        return self.officer("sign", str(self.file), "--key", str(self.papers.officers[which]), *arguments, answer=answer)

    def change(self, path: Sequence[Any], value: object) -> None:
        """Change one thing in the file."""
        content = json.loads(self.file.read_text(encoding="utf-8"))
        place = content
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value(place[path[-1]]) if callable(value) else value
        self.file.write_text(json.dumps(content), encoding="utf-8")

    def change_manifest(self, place: int, **changes: Any) -> None:
        """Change what a manifest says, as a registrar who cheats could."""

        def changed(text: str) -> str:
            manifest = Manifest.model_validate(json.loads(unb64u(text)))
            return b64u(SignedManifest.draft(Manifest.model_construct(**{**dict(manifest), **changes})).raw)

        self.change(("zones", place, "manifest"), changed)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Begin with a fresh home and two officers."""
    return Desk(tmp_path)


def flat(result: Result) -> str:
    return " ".join(result.output.split())


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_purpose_is_shown(desk: Desk, purpose: Purpose, lang: words.Lang) -> None:
    """Both languages say purpose, insurer, zones, counts, times, keys, and every person by name."""
    desk.request(purpose, "--members", "7")
    shown = desk.show(lang)
    manifests = [zone.signed.read() for zone in SigningRequest.load(desk.file).zones]
    uses = [f"{count:,}" for manifest in manifests for count in manifest.quotas.values()]
    expected = [words.PURPOSES[purpose][lang], "06990019", *(zone[lang] for zone in words.ZONES.values()), *uses]
    expected += [words.USES[use][lang] for manifest in manifests for use in manifest.quotas]
    expected += [b64u(manifest.request_jkt) for manifest in manifests]
    expected += [*PEOPLE, words.TEXTS["word"][lang]] if purpose in WITH_SUBJECTS else []

    assert (shown.exit_code, [text for text in expected if text not in shown.output]) == (0, [])


def test_times_are_said_in_the_readers_clock(desk: Desk) -> None:
    """Japanese time for Japanese readers, UTC for others, and both say which."""
    desk.request("enrol", "--members", "3")
    ends = [zone.signed.read().expires for zone in SigningRequest.load(desk.file).zones]
    shown = {lang: desk.show(lang).output for lang in ("ja", "en")}
    expected = {
        "ja": [f"{time(end + 9 * 3600)} まで(日本時間)" for end in ends],
        "en": [f"until {time(end)} (UTC)" for end in ends],
    }

    assert [text for lang, texts in expected.items() for text in texts if text not in shown[lang]] == []


def time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def test_every_word_is_there_in_both_languages() -> None:
    """Every use has words, and every text two languages."""
    tables = (words.PURPOSES, words.ZONES, words.USES, words.TEXTS, words.REFUSED)
    uses = {use for zones in USES.values() for names in zones.values() for use in names}

    assert {frozenset(texts) for table in tables for texts in table.values()} == {frozenset({"ja", "en"})}
    assert (set(words.USES), set(words.PURPOSES)) == (uses, set(PURPOSES))


def test_two_officers_sign(desk: Desk) -> None:
    """Each signs on their own machine; after the second, hosts would accept both zones' manifests."""
    desk.request("suspend")
    first, again, second = desk.sign(0, "--yes"), desk.sign(0, "--yes"), desk.sign(1, "--yes")
    deployment = desk.papers.deployment
    signed = [zone.signed for zone in SigningRequest.load(desk.file).zones]
    origins, now = deployment.sorted_origins, now_seconds()
    accepted = [one.check(deployment.officers, one.read().zone, origins, now) for one in signed]

    assert ["1 of 2" in first.output, "1 of 2" in again.output, "2 of 2" in second.output] == [True, True, True]
    assert [one.purpose for one in accepted] == ["suspend", "suspend"]
    assert stat.S_IMODE(desk.file.stat().st_mode) == 0o600


@pytest.mark.parametrize(("answer", "code", "signatures"), [("y\n", 0, 1), ("n\n", 1, 0), ("\n", 1, 0)])
def test_an_officer_is_asked(desk: Desk, answer: str, code: int, signatures: int) -> None:
    """Shown first, asked then, and signed only after a yes."""
    desk.request("erase")
    result = desk.sign(0, "--lang", "ja", answer=answer)
    found = [len(zone.signatures) for zone in SigningRequest.load(desk.file).zones]

    assert (result.exit_code, found) == (code, [signatures] * 2)
    assert result.output.index("データの完全な消去") < result.output.index(PEOPLE[0]) < result.output.index("署名しますか?")


def test_the_file_holds_no_reference_and_no_token(desk: Desk) -> None:
    """Whoever finds it cannot tell what any host calls the people in it."""
    desk.request("suspend")
    ids = [line.split(",")[1] for line in (desk.folder / "subjects.csv").read_text(encoding="utf-8").splitlines()]

    assert (len(ids), [one for one in ids if one in desk.file.read_text(encoding="utf-8")]) == (10, [])


def renamed(entries: list[dict[str, Any]], to: str, whom: str) -> list[dict[str, Any]]:
    return [{**one, "label": to} if one["label"] == whom else one for one in entries]


SOMEBODY = "101:100003:00 架空川 にゃん次"
LEAF = b64u(bytes(32))
TAMPERED: dict[str, tuple[str, Sequence[Any], object]] = {
    "a-leaf": ("subjects", ("zones", 0, "subjects", 0, "leaf"), LEAF),
    "one-fewer": ("subjects", ("zones", 1, "subjects"), lambda entries: entries[1:]),
    "one-more": ("subjects", ("zones", 0, "subjects"), lambda entries: [*entries, {**entries[0], "leaf": LEAF}]),
    "swapped": ("subjects", ("zones", 0, "subjects"), lambda entries: entries[::-1]),
    "another-name": ("people-differ", ("zones", 0, "subjects"), lambda entries: renamed(entries, SOMEBODY, PEOPLE[0])),
    "two-under-one-name": ("subjects-twice", ("zones", 0, "subjects"), lambda entries: renamed(entries, PEOPLE[0], PEOPLE[1])),
    "host-of-the-other-zone": ("subjects-twice", ("zones", 0, "subjects", 0, "host"), "programs"),
    "odd-name": ("labels", ("zones", 0, "subjects", 0, "label"), "x\u202ey"),
    "one-zone-twice": ("zones", ("zones",), lambda zones: [zones[0], zones[0]]),
    "forged-signature": ("manifest", ("zones", 0, "signatures"), {"officer-1": b64u(bytes(64))}),
    "no-manifest": ("manifest", ("zones", 0, "manifest"), "AAAA"),
    "extra": ("not-a-request", ("extra",), 1),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_file_that_does_not_say_what_it_signs(desk: Desk, name: str) -> None:
    """Whatever is shown must be what is signed: otherwise it is refused, in a sentence, and nothing is signed."""
    code, path, value = TAMPERED[name]
    desk.request("suspend")
    if name == "extra":
        desk.file.write_text('{"extra": 1}', encoding="utf-8")
    else:
        desk.change(path, value)
    results = [desk.show(), desk.sign(0, "--yes"), desk.show("ja")]

    assert [result.exit_code for result in results] == [1, 1, 1]
    assert words.REFUSED[code]["ja"] in "".join(results[2].output.split("\n"))
    assert words.REFUSED[code]["en"] in flat(results[0])


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("origins", {"origins": ("http://localhost:1",)}),
        ("list-number", {"officer_list": 2}),
        ("times", {"not_before": 1, "expires": 2}),
        ("times", {"not_before": 2_900_000_000, "expires": 2_900_000_001}),
        ("manifest", {"not_before": 1}),
        ("manifest", {"quotas": {"mailbox": 1}}),
        ("quotas", {"quotas": {"suspend": 5}}),
        ("subjects", {"subjects": bytes(32)}),
        ("subjects", {"subject_count": 3}),
        ("zones", {"purpose": "erase", "quotas": {}}),
    ],
    ids=[
        "elsewhere",
        "other-list",
        "over",
        "not-begun",
        "too-long",
        "foreign-use",
        "too-many",
        "other-root",
        "other-count",
        "other-purpose",
    ],
)
def test_a_manifest_that_says_something_else(desk: Desk, code: str, changes: dict[str, Any]) -> None:
    """Each zone's manifest is for this deployment, these officers and now, within bounds, and like the other zone's."""
    desk.request("suspend")
    desk.change_manifest(0, **changes)
    result = desk.show()

    assert (result.exit_code, " ".join(words.REFUSED[code]["en"].split()) in flat(result)) == (1, True)


@pytest.mark.parametrize("field", ["id", "request_jkt", "hpke"])
def test_zones_that_could_be_joined(desk: Desk, field: str) -> None:
    """An id or a key that stands in both zones' manifests would tie the zones together."""
    desk.request("enrol", "--members", "3")
    other = SigningRequest.load(desk.file).zones[1].signed.read()
    desk.change_manifest(0, **{field: getattr(other, field)})

    assert "share an id or a key" in flat(desk.show())


def test_a_stranger_signs_nothing(desk: Desk) -> None:
    """A key that is on no list is refused after the request was shown."""
    desk.request("enrol", "--members", "3")
    made = runner.invoke(app, ["keygen", str(desk.folder / "own.key"), "--id", "officer-9"])
    result = desk.officer("sign", str(desk.file), "--key", str(desk.folder / "own.key"), "--yes")

    assert (made.exit_code, result.exit_code, words.REFUSED["not-listed"]["en"] in flat(result)) == (0, 1, True)


def test_keygen(desk: Desk) -> None:
    """A key file is private, never overwritten, and its public half is printed as the registrar needs it."""
    path = desk.folder / "own.key"
    made, again = (runner.invoke(app, ["keygen", str(path), "--id", "officer-9", "--lang", "ja"]) for _ in range(2))
    odd = runner.invoke(app, ["keygen", str(desk.folder / "odd.key"), "--id", "Officer 9"])
    name, _, public = made.output.strip().splitlines()[-1].partition("=")

    assert (made.exit_code, again.exit_code, odd.exit_code) == (0, 1, 1)
    assert (name, unb64u(public)) == ("officer-9", SigningKey(unb64u(path.read_text())).public_bytes)
    assert (stat.S_IMODE(path.stat().st_mode), "鍵ファイル" in made.output) == (0o600, True)
    assert not (desk.folder / "odd.key").exists()


def test_the_next_list_is_shown_and_signed(desk: Desk) -> None:
    """Additions and removals stand there with their keys; two who stay sign, and nobody signs about themselves."""
    third = runner.invoke(app, ["keygen", str(desk.folder / "third.key"), "--id", "officer-3"]).output.splitlines()[-1]
    fourth = runner.invoke(app, ["keygen", str(desk.folder / "fourth.key"), "--id", "officer-4"]).output.splitlines()[-1]
    proposal = desk.folder / "next.json"
    made = desk.registrar("officers", "propose", "--add", third, "-o", str(proposal))
    own = desk.officer("officers", "sign", str(proposal), "--key", str(desk.folder / "third.key"), "--yes")
    declined = desk.officer("officers", "sign", str(proposal), "--key", str(desk.papers.officers[0]), "--lang", "ja", answer="n\n")
    signed = [desk.officer("officers", "sign", str(proposal), "--key", str(key), "--yes") for key in desk.papers.officers]
    bad = desk.registrar("officers", "propose", "--remove", "officer-1", "--add", fourth, "-o", str(desk.folder / "bad.json"))

    assert (made.exit_code, own.exit_code, declined.exit_code, [one.exit_code for one in signed]) == (0, 1, 1, [0, 0])
    assert ["追加: officer-3" in declined.output, third.split("=")[1] in declined.output] == [True, True]
    assert "2 of 2" in signed[1].output
    assert (bad.exit_code, "two officers must stay" in flat(bad)) == (1, True)


def test_a_request_after_the_list_changed(desk: Desk) -> None:
    """The file carries the lists since the pinned one, so that an officer who pins an old list can follow."""
    third = runner.invoke(app, ["keygen", str(desk.folder / "third.key"), "--id", "officer-3"]).output.splitlines()[-1]
    proposal = desk.folder / "next.json"
    desk.registrar("officers", "propose", "--add", third, "-o", str(proposal))
    for key in desk.papers.officers:
        desk.officer("officers", "sign", str(proposal), "--key", str(key), "--yes")
    published = desk.registrar("officers", "publish", str(proposal))  # kept, though no host is there to take it
    desk.request("enrol", "--members", "3")
    signed = desk.officer("sign", str(desk.file), "--key", str(desk.folder / "third.key"), "--yes")
    listed = desk.registrar("officers", "list")
    desk.change(("officers",), [])
    unknown = desk.show()

    assert (published.exit_code, signed.exit_code, "list 2" in listed.output) == (1, 0, True)
    assert (unknown.exit_code, "does not hold" in flat(unknown) or "another officers' list" in flat(unknown)) == (1, True)


def test_people_are_named_where_the_purpose_is_about_them(desk: Desk) -> None:
    """A window about people needs them, another takes none, and somebody unknown is a sentence that repeats nothing."""
    results = [
        desk.registrar("window", "request", "--purpose", "suspend", "-o", str(desk.file)),
        desk.registrar("window", "request", "--purpose", "suspend", "--member", "101:424242:00", "-o", str(desk.file)),
        desk.registrar("window", "request", "--purpose", "suspend", "--member", "nonsense-x", "-o", str(desk.file)),
    ]
    table = desk.folder / "subjects.csv"
    table.write_text("keyvault,AAAA,somebody\nprograms,AAAA,somebody\n", encoding="utf-8")
    results.append(desk.registrar("window", "request", "--purpose", "enrol", "--subjects", str(table), "-o", str(desk.file)))

    assert ([result.exit_code for result in results], desk.file.exists()) == ([1] * 4, False)
    assert [word for result in results for word in ("424242", "nonsense-x") if word in result.output] == []
    assert "nobody enrolled has the --member number 1" in flat(results[1])


def test_nobody_signs_their_own_removal(desk: Desk) -> None:
    """Who is to go may look at the proposal, and is told that others decide."""
    third = runner.invoke(app, ["keygen", str(desk.folder / "third.key"), "--id", "officer-3"]).output.splitlines()[-1]
    proposal, results = desk.folder / "next.json", []
    for change, signers in ((("--add", third), (0, 1)), (("--remove", "officer-1"), (0,))):
        desk.registrar("officers", "propose", *change, "-o", str(proposal))
        for which in signers:
            key = str(desk.papers.officers[which])
            results.append(desk.officer("officers", "sign", str(proposal), "--key", key, "--yes"))
        desk.registrar("officers", "publish", str(proposal))

    assert [result.exit_code for result in results] == [0, 0, 1]
    assert ("removed: officer-1" in results[2].output, words.REFUSED["own-change"]["en"] in flat(results[2])) == (True, True)


def test_a_request_that_was_changed_on_its_way(desk: Desk) -> None:
    """Also when two officers signed it so, the workstation opens only what it asked for."""
    desk.request("enrol", "--members", "3")
    desk.change_manifest(0, quotas={"enrol": 1_000_000})
    signed = [desk.sign(which, "--yes").exit_code for which in (0, 1)]
    opened = desk.registrar("window", "open", "--request", str(desk.file))

    assert (signed, opened.exit_code, "was changed" in flat(opened)) == ([0, 0], 1, True)
