"""The SQL of mailboxes. The tables' meaning is in ``migrations``."""
