"""Why the keyvault refuses, beside what every authority refuses."""

from chassis.problems import Problem


class BundleExists(Problem):
    """Another bundle of this version is stored; it is the one to adopt."""

    type = "bundle-exists"
    title = "Another bundle of this version is stored"
    status = 409


class BundleSize(Problem):
    """A bundle has another size than all bundles. ``size`` is in bytes."""

    type = "bundle-size"
    title = "A bundle has one fixed size"
    status = 400
