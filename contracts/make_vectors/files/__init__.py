"""One module a vector file: ``build(stored)`` returns its content, and the docstring of ``build`` says what it shows."""
