"""The groups of commands of ``warifu-registrar``, one module a group."""
