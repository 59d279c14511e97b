"""One module a use case: it decides, and opens the named transaction."""
