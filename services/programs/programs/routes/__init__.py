"""One module a group of routes: each translates, nothing more."""
