"""``read-marks.json``."""

from protocol.messages.member_messages import read_mark

from make_vectors.cases import Case, Stored
from make_vectors.inputs import fixed


def build(_stored: Stored) -> Case:
    """Show the marks by which a member's devices say that a message was read."""
    seed = fixed("mailbox seed")
    messages = [fixed(f"message {at}", 16) for at in range(2)]
    return {
        "cases": [
            {"mailbox_seed": seed.hex(), "message": message.hex(), "mark": read_mark(seed, message).hex()} for message in messages
        ]
    }
