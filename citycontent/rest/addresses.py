"""In which buurt an address lies. Postcode and house number stay out of the path and the query: together they are personal."""

from __future__ import annotations

from flask import Response

from citycontent.queries.neighbourhood import find_neighbourhood
from citycontent.rest.answers import NeighbourhoodSchema
from citycontent.schemas import FindNeighbourhood, FindNeighbourhoodSchema
from samen_core.rest.api import RestBlueprint, current_actor, current_platform, reply

resource = RestBlueprint("addresses", __name__, "The address book of the city.")


@resource.route("/addresses/_zoek", methods=["POST"], public=True)
@resource.arguments(FindNeighbourhoodSchema)
@resource.response(200, NeighbourhoodSchema)
def find_area(command: FindNeighbourhood) -> Response:
    """The buurt of a postcode and house number. Nothing of it is kept."""
    with current_platform().read(current_actor()) as uow:
        found = find_neighbourhood(uow, command)
    return reply({"area_id": found.area.id, "exact": found.exact, "choices": [area.id for area in found.choices]})
