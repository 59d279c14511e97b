"""The SQL of steps. The tables' meaning is in ``migrations``."""
