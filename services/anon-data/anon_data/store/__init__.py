"""The SQL of health records. The tables' meaning is in ``migrations``."""
