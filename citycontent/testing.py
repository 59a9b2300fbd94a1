"""Pytest fixtures of the city for the tests of blocks; pytest finds them by the entry point of the distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from citycontent.models import Organization, Project
    from samen_core.api import Platform, UnitOfWork


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


def make_many(uow: UnitOfWork, number: int) -> None:
    """So many more organisations, persons, projects, events and themes; the first project gets them all."""
    from datetime import timedelta

    from citycontent.schemas import CreateEvent, CreateOrganization, CreatePerson, CreateProject, CreateTheme
    from citycontent.services.events import create_event
    from citycontent.services.organizations import create_organization
    from citycontent.services.persons import create_person
    from citycontent.services.projects import create_project
    from citycontent.services.themes import create_theme

    lead = create_organization(uow, CreateOrganization(name=f"Stichting {number} samen", sector="civil_society"))
    project = create_project(uow, CreateProject(name=f"Project {number}", status="execution", lead_organization_id=lead.id))
    for at in range(number):
        create_organization(uow, CreateOrganization(name=f"Bewonersgroep {number}-{at}", sector="citizens", parent_id=lead.id))
        create_person(uow, CreatePerson(given_name="Jip", family_name=f"Van Straat {number}-{at}"))
        create_project(uow, CreateProject(name=f"Plein {number}-{at}", status="preparation", lead_organization_id=lead.id))
        create_theme(uow, CreateTheme(name=f"Thema {number}-{at}"))
        start = uow.now + timedelta(days=at + 1)
        create_event(uow, CreateEvent(name=f"Avond {number}-{at}", start_date=start, project_id=project.id, organization_id=lead.id))
