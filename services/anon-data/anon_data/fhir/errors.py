"""What a FHIR request can be refused for. Members name parameters and elements of the standard, never what was sent."""

from chassis.problems import Problem


class SearchRefused(Problem):
    """A search parameter is unknown here, or has a value it cannot have; ``parameter`` names it if it is one of the known ones."""

    type = "fhir-search-refused"
    title = "The search asks for something that cannot be answered"
    status = 400


class FormatRefused(Problem):
    """The answer was asked for in another format than JSON."""

    type = "fhir-format-refused"
    title = "This is answered in JSON alone"
    status = 406


class BodyRefused(Problem):
    """The body is of another media type than FHIR's JSON."""

    type = "fhir-body-refused"
    title = "This is read in JSON alone"
    status = 415


class ResourceUnknown(Problem):
    """There is no such resource in the record of whoever signed the request."""

    type = "fhir-resource-unknown"
    title = "There is no such resource"
    status = 404


class ResourceRefused(Problem):
    """The resource cannot be kept as it is. ``element`` is where, ``reason`` why; nothing of it was stored."""

    type = "fhir-resource-refused"
    title = "The resource cannot be kept as it is"
    status = 422


class VersionDiffers(Problem):
    """The resource is of another version than the request names, or is there already; nothing was stored."""

    type = "fhir-version-differs"
    title = "The resource is of another version"
    status = 412


class InteractionRefused(Problem):
    """An interaction that this host does not have, or one that must be asked for in another way (``reason``)."""

    type = "fhir-interaction-refused"
    title = "This host does not do this"
    status = 400
