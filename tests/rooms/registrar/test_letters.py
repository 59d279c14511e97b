"""Letters as PDF: what they say, and that it can be read."""

import io
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from protocol.code import Code
from pypdf import PdfReader
from registrar.letters import CharactersMissing, Letter, LetterError, Recipient, Sender, render
from registrar.letters.fonts import missing
from registrar.letters.page import moment, one_line
from registrar.letters.wording import CAUTIONS, COMMAND_STEPS, LABELS, PORTAL_STEPS, WORDINGS, Words
from rooms.registrar.letters import EXPIRES, HANAKO, NUMBER, SENDER, characters, first, one_of_each, scanned, scanned_at

LETTERS = one_of_each()
PDF = render(LETTERS, SENDER)
KINDS = range(len(LETTERS))
NO_OFFSET = datetime(2026, 1, 1)  # noqa: DTZ001 - what is refused
# Names as registers hold them: beyond the 16-bit plane, variants, compatibility ideographs, a variation selector, other languages.
RARE = ("𠮷野 髙志", "﨑山 𣘺子", "邉 齋", "葛\U000e0100城 辻\U000e0100", "张 伟", "이 민수", "Nguyễn Văn Ánh", "ｻﾝﾌﾟﾙ ﾀﾛｳ")


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def opened(pdf: bytes) -> Any:
    """Return the PDF's objects, whose types nothing but the file knows."""
    return PdfReader(io.BytesIO(pdf))


def words(pdf: bytes) -> list[str]:
    """Return the text of each page without white space."""
    return [squeezed(page.extract_text()) for page in opened(pdf).pages]


@pytest.mark.parametrize("place", KINDS, ids=lambda place: LETTERS[place].kind)
def test_a_letter_says_what_it_must(place: int) -> None:
    """Code in groups, address, member number, validity, portal, telephone, and every sentence in both languages are on the page."""
    letter = LETTERS[place]
    wording = WORDINGS[letter.kind]
    sentences = [wording.title, wording.lead, *PORTAL_STEPS, *CAUTIONS, *LABELS.values()]
    if letter.not_before is None:
        sentences.remove(LABELS["from"])
    expected = [
        letter.code.text,
        *(text.replace("{child}", letter.child) for sentence in sentences for text in (sentence.ja, sentence.en)),
        f"〒{HANAKO.postcode}",
        HANAKO.address,
        f"{HANAKO.name}様",
        NUMBER,
        "2027年2月24日",
        "24 February 2027",
        *vars(SENDER).values(),
        *(["2026年11月27日 10時31分", "27 November 2026, 10:31 JST"] if letter.not_before else []),
    ]
    page = words(PDF)[place]

    assert [text for text in expected if squeezed(text) not in page] == []


def test_without_a_portal_a_letter_leads_to_a_command() -> None:
    """No page is named that is not there; a sender with both, or neither, is refused."""
    sender = replace(SENDER, portal="", command="warifu login --code")
    pdf = render(LETTERS, sender)
    page = words(pdf)[0]
    at_the_footer = [one for place in KINDS for one in characters(pdf, place) if one[2] < 283 and one[4] > 279]
    named = [squeezed(text) in page for step in COMMAND_STEPS for text in (step.ja, step.en)]

    assert (named, squeezed(sender.command) in page, squeezed(PORTAL_STEPS[0].ja) in page) == ([True] * 6, True, False)
    assert at_the_footer == []
    for portal, command in (("", ""), ("a.example", "b")):
        with pytest.raises(LetterError, match="either to a portal or to a command"):
            replace(SENDER, portal=portal, command=command)


def test_the_japanese_stands_first() -> None:
    """Every sentence is said in Japanese before it is said in English."""
    page = words(PDF)[0]
    pairs = [WORDINGS["first"].title, WORDINGS["first"].lead, *PORTAL_STEPS, *CAUTIONS]

    assert [pair for pair in pairs if page.index(squeezed(pair.ja)) > page.index(squeezed(pair.en))] == []


@pytest.mark.parametrize("place", KINDS, ids=lambda place: LETTERS[place].kind)
def test_the_qr_code_is_the_code(place: int) -> None:
    """A scanner reads the page's own code and nothing else."""
    assert scanned(PDF, place) == [LETTERS[place].code.qr]


def test_a_batch_has_one_page_a_letter() -> None:
    """Two hundred letters are two hundred pages, each with its own code and nobody else's."""
    letters = [first(Recipient(f"見本 {place}子", "999-0001", f"架空市{place}番地")) for place in range(200)]
    pages = words(render(letters, SENDER))
    codes = [re.findall(r"WF1.(?:-.{4}){7}-.{3}", page) for page in pages]

    assert codes == [[letter.code.text] for letter in letters]
    assert [f"見本{place}子様" in page for place, page in enumerate(pages)] == [True] * 200


def test_an_empty_batch_is_refused() -> None:
    """A PDF without pages does not exist."""
    with pytest.raises(LetterError) as caught:
        render([], SENDER)

    assert str(caught.value) == "there are no letters to print"


def test_metadata_tell_nothing() -> None:
    """The file's metadata are those of any batch: no person, no code, no time."""
    reader = opened(PDF)
    told = f"{reader.metadata} {reader.trailer['/Root']['/Metadata'].get_data().decode()}"

    assert reader.metadata.keys() == {"/Title", "/Creator"}
    assert reader.metadata["/Title"] == "Letters"
    assert re.findall(r"Date\b|D:\d{4}|\d{4}-\d\d-\d\d", told) == []
    assert [text for text in (*HANAKO.name.split(), *LETTERS[0].code.groups, LETTERS[0].code.qr) if text in told] == []
    assert reader.attachments == {}


def test_fonts_are_embedded_in_part() -> None:
    """All text is in three fonts that the file brings along, and only as far as they are used."""
    reader = opened(PDF)
    used = {
        font["/BaseFont"].split("+")[1].removesuffix("-Identity-H"): font["/DescendantFonts"][0]["/FontDescriptor"].keys()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }

    assert used.keys() == {"NotoSansCJKjp-Regular", "NotoSansCJKjp-Bold", "DejaVuSansMono-Bold"}
    assert [name for name, keys in used.items() if not keys & {"/FontFile2", "/FontFile3"}] == []
    assert len(PDF) < 300_000


@pytest.mark.parametrize("name", RARE)
def test_rare_names_are_printed_as_spelt(name: str) -> None:
    """No character of a rare name is replaced by another one."""
    assert f"{squeezed(name)}様" in words(render([first(Recipient(name, "999-0001", "架空市"))], SENDER))[0]


@pytest.mark.parametrize(
    ("name", "lacking"),
    [
        ("見本 \U00031350", ["U+31350"]),
        ("見\U000e01ef本", ["U+898B U+E01EF"]),
        ("😀\U00031350😀", ["U+1F600", "U+31350"]),
        ("見\u0007本", ["U+0007"]),
    ],
)
def test_what_the_fonts_lack_is_reported(name: str, lacking: list[str]) -> None:
    """Characters that would be printed as boxes are named by code point, letter and field, and nothing is printed."""
    with pytest.raises(CharactersMissing) as caught:
        render([first(), first(Recipient(name, "999-0001", "架空市"))], SENDER)

    assert str(caught.value) == (
        f"the letters' fonts cannot show these characters: {'; '.join(f'letter 2, name: {point}' for point in lacking)}"
    )
    assert {(one.place, one.field) for one in caught.value.missing} == {(1, "name")}


@pytest.mark.parametrize("field", ["postcode", "address", "member number", "child", "sender"])
def test_every_field_is_looked_at(field: str) -> None:
    """Whichever field has it, a character that the fonts lack is found."""
    bad = "\U00031350"
    sender = Sender(**{**vars(SENDER), "hours": bad}) if field == "sender" else SENDER
    recipient = Recipient(HANAKO.name, bad if field == "postcode" else "999-0001", bad if field == "address" else "架空市")
    number = bad if field == "member number" else NUMBER
    letter = Letter("guardian", recipient, number, Code.fresh(), EXPIRES, child=bad if field == "child" else "見本 太郎")
    with pytest.raises(CharactersMissing) as caught:
        render([letter], sender)

    assert [(one.place, one.field) for one in caught.value.missing] == [(None, "hours") if field == "sender" else (0, field)]


def test_our_own_words_are_shown() -> None:
    """The fonts have every character of the letters' sentences."""
    sentences: list[Words] = [*PORTAL_STEPS, *COMMAND_STEPS, *CAUTIONS, *LABELS.values()]
    sentences += [part for wording in WORDINGS.values() for part in (wording.title, wording.lead)]

    assert [found for sentence in sentences for found in missing(sentence.ja + sentence.en)] == []


@pytest.mark.parametrize(
    "recipient",
    [
        HANAKO,
        Recipient("見" * 60, "999-0001", "架" * 120),
        Recipient("Sample " * 8, "999-0001", "1-2-3 Mihoncho, Kakuu-ku, " * 4),
        Recipient("見本 花子", "999-0001", "架空郡" * 13 + " " + "見本荘" * 26),
    ],
    ids=["usual", "longest", "latin", "two parts"],
)
def test_the_address_stands_in_the_window(recipient: Recipient) -> None:
    """However the sheet slides in a 長形3号 envelope, the window shows the whole address and nothing else."""
    shown = characters(render([first(recipient)], SENDER), 0)
    seen = [one for one in shown if one[1] < 110 and one[2] < 57]

    assert squeezed("".join(one[0] for one in seen)) == squeezed(f"〒{recipient.postcode}{recipient.address}{recipient.name}様")
    assert [one for one in seen if not (one[1] >= 19.9 and one[2] >= 11.9 and one[3] <= 85.1 and one[4] <= 36.1)] == []


def test_the_code_lies_inside() -> None:
    """Folded at the marks, code and QR code are on the middle third: neither outside nor in the window."""
    for place in KINDS:
        large = [one for one in characters(PDF, place) if one[4] - one[2] > 5 and one[0].isascii()]

        assert "".join(one[0] for one in large) == LETTERS[place].code.qr
        assert [one for one in large if not 99 < one[2] < one[4] < 198] == []
        assert [edge for edge in scanned_at(PDF, place) if not 99 < edge < 198] == []


@pytest.mark.parametrize("place", [*KINDS, len(LETTERS)])
def test_nothing_lies_on_something_else(place: int) -> None:
    """No character overlaps another, also when all particulars are as long as they may be."""
    longest = Letter("guardian", Recipient("見" * 60, "999-0001", "架" * 120), "見" * 36, Code.fresh(), EXPIRES, child="本" * 60)
    shown = characters(PDF, place) if place < len(LETTERS) else characters(render([longest], SENDER), 0)
    overlapping = [
        (one[0], other[0])
        for at, one in enumerate(shown)
        for other in shown[at + 1 :]
        if min(one[3], other[3]) - max(one[1], other[1]) > 0.4 and min(one[4], other[4]) - max(one[2], other[2]) > 0.4
    ]

    assert overlapping == []
    assert [one for one in shown if one[1] < 5 or one[3] > 205 or one[4] > 292] == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"child": "見本 太郎"}, "child: a guardian's letter names the child, others name nobody"),
        ({"kind": "guardian"}, "child: a guardian's letter names the child, others name nobody"),
        ({"not_before": datetime(2026, 1, 1, tzinfo=UTC)}, "not before: not for a first login, with an offset from UTC"),
        ({"kind": "takeover", "not_before": NO_OFFSET}, "not before: not for a first login, with an offset from UTC"),
        ({"recipient": Recipient("見" * 61, "", "")}, "name: more than 60 characters"),
        ({"kind": "guardian", "child": "見" * 61}, "name: more than 60 characters"),
        ({"recipient": Recipient("見", "", "架" * 121)}, "address: more than 120 characters"),
        ({"member_number": "1" * 37}, "member number: more than 36 characters"),
    ],
)
def test_letters_that_do_not_fit_together(changed: dict[str, object], message: str) -> None:
    """Particulars that make no sense, or do not fit on the page, are refused and not repeated."""
    with pytest.raises(LetterError) as caught:
        Letter(**{**vars(first()), **changed})

    assert str(caught.value) == message


def test_a_begun_minute_counts_as_whole() -> None:
    """A recovery's code works at the time that is printed, which is Japan's."""
    east = timezone(timedelta(hours=9))

    assert moment(datetime(2026, 12, 31, 14, 59, 1, tzinfo=UTC)).ja == "2027年1月1日 0時00分"
    assert moment(datetime(2026, 12, 31, 9, 5, tzinfo=east)) == Words("2026年12月31日 9時05分", "31 December 2026, 09:05 JST")


def test_white_space_breaks_no_line() -> None:
    """Line ends and tabs of a file are blanks, ideographic blanks stay."""
    assert one_line(" 架空市\r\n見本\t町\u30001 ") == "架空市 見本 町\u30001"


def test_nothing_is_shown_of_a_letter() -> None:
    """A letter's representation names no person and no code."""
    assert [text for text in (*HANAKO.name.split(), "架空", "1234567", "WF1") if text in repr(LETTERS[2])] == []


def test_markup_is_text() -> None:
    """What would be markup of the typesetter is printed as it stands."""
    name = "#panic() *x* $y$ <z> \\ {child}"

    assert squeezed(f"{name}様") in words(render([first(Recipient(name, "999-0001", "架空市"))], SENDER))[0]


WRITES = """
import os, sys
from registrar.letters import render
from rooms.registrar.letters import SENDER, one_of_each

wanted = []
WRITING = os.O_WRONLY | os.O_RDWR
sys.addaudithook(lambda event, args: wanted.append(args[0]) if event == "open" and args[2] & WRITING else None)
render(one_of_each(), SENDER)
print(wanted)
"""


def test_nothing_is_written(tmp_path: Path) -> None:
    """Rendering opens no file for writing, and the typesetter leaves none where programs leave theirs."""
    folders = dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME"), str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-B", "-c", WRITES],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), **folders},
        capture_output=True,
        text=True,
        check=True,
    )

    assert (done.stdout, list(tmp_path.iterdir())) == ("[]\n", [])
