"""Pytest fixtures of the city for the tests of blocks; pytest finds them by the entry point of the distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from citycontent.models import Organization, Project
    from samen_core.platform import Platform


@pytest.fixture
def organization(platform: Platform) -> Organization:
    """An organisation of the city, already committed."""
    from citycontent.schemas.organization import CreateOrganization
    from citycontent.services.organizations import create_organization
    from samen_core.api import system

    with platform.unit_of_work(system("test")) as uow:
        return create_organization(uow, CreateOrganization(name="Buurthuis De Ster", sector="civil_society"))


@pytest.fixture
def project(platform: Platform, organization: Organization) -> Project:
    """A project that ``organization`` leads, already committed."""
    from citycontent.schemas.project import CreateProject
    from citycontent.services.projects import create_project
    from samen_core.api import system

    with platform.unit_of_work(system("test")) as uow:
        return create_project(uow, CreateProject(name="Groene Markt", status="execution", lead_organization_id=organization.id))
