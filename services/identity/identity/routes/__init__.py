"""The routes of identity alone."""
