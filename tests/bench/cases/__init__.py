"""What is measured: one module a case, each with one ``CASE``."""
