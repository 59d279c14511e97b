"""Everything of a member in one signed file, to take along: readable pages, tables, FHIR.

What is in it is a folder: each module of `sections` that defines a `SECTION` is one part; dropping one in adds it.
"""

from .check import Archive, checked
from .pack import export

__all__ = ["Archive", "checked", "export"]
