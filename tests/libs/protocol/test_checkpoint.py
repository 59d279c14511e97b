"""Signed notes, checkpoints and cosignatures."""

from base64 import b64decode

import pytest
from protocol.checkpoint import Checkpoint, CheckpointRefused, Note, Signature, key_id
from protocol.signing import SigningKey

# The example of golang.org/x/mod/sumdb/note, whose format C2SP signed-note is.
EXAMPLE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
EXAMPLE_KEY = b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
LOG, OTHER = SigningKey(bytes(31) + b"1"), SigningKey(bytes(31) + b"2")
POINT = Checkpoint("log.example/log", 42, bytes(range(32)))
NOTE = Note(POINT.text, (POINT.sign(LOG),))


def test_the_published_example() -> None:
    """A note that others signed is read, verified and written as it was."""
    note = Note.parse(EXAMPLE)
    note.require("PeterNeumann", EXAMPLE_KEY)

    assert str(note) == EXAMPLE
    assert key_id("PeterNeumann", EXAMPLE_KEY).hex() == "c74f20a3"


def test_a_checkpoint_as_it_travels() -> None:
    """What is read is what was signed."""
    read = Note.parse(str(NOTE))
    read.require(POINT.origin, (OTHER.public_bytes, LOG.public_bytes))

    assert Checkpoint.parse(read.text, POINT.origin) == POINT


@pytest.mark.parametrize(
    "note",
    [
        "",
        "log.example/log\n42\n",
        str(NOTE)[:-1],
        str(NOTE) + "\n",
        str(NOTE).replace("—", "-"),
        str(NOTE).replace("42", "43"),
        str(NOTE).replace("— log.example/log", "— another.example/log"),
        str(NOTE)[:-9] + "AAAAAA==\n",
    ],
)
def test_refused_note(note: str) -> None:
    """A note of another form, or with a signature over something else, is refused."""
    with pytest.raises(CheckpointRefused):
        Note.parse(note).require(POINT.origin, LOG.public_bytes)


@pytest.mark.parametrize(
    "text",
    [
        POINT.text.replace("log.example", "other.example"),
        POINT.text.replace("42", "042"),
        POINT.text.replace("42", "-1"),
        POINT.text.replace("42", "9" * 19),
        POINT.text + "extension\n",
        POINT.text[:-2] + "\n",
        "log.example/log\n42\nAAAA\n",
    ],
)
def test_refused_text(text: str) -> None:
    """A text that is not exactly a checkpoint of this log is refused."""
    with pytest.raises(CheckpointRefused):
        Checkpoint.parse(text, POINT.origin)


def test_a_cosignature_is_about_one_checkpoint() -> None:
    """It holds for its checkpoint, name and key; it tells the day and no more; and a log's own signature is none."""
    made = POINT.cosign("other.example/witness", OTHER, 1_800_000_123)
    POINT.require_cosigned(Signature.parse(str(made)), "other.example/witness", OTHER.public_bytes)

    for point, name, key, signature in (
        (Checkpoint(POINT.origin, 43, POINT.root), "other.example/witness", OTHER, made),
        (POINT, "another.example/witness", OTHER, made),
        (POINT, "other.example/witness", LOG, made),
        (POINT, "log.example/log", LOG, POINT.sign(LOG)),
    ):
        with pytest.raises(CheckpointRefused):
            point.require_cosigned(signature, name, key.public_bytes)
    assert int.from_bytes(made.raw[4:12], "big") % 86_400 == 0
