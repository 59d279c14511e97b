"""The insurer's workstation tool: importers, windows, enrolment."""
