"""Short ways to make what a test needs: activities and contributions."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from citycontent.api import Project
from samen_core.api import Actor, Form, Platform, Question, UnitOfWork, account_by_email, anonymous, system
from samen_inbreng.models import Activity, Contribution
from samen_inbreng.schemas.activity import CloseActivity, CreateActivity
from samen_inbreng.schemas.answers import WriteAnswer
from samen_inbreng.schemas.contribution import Contribute, EnterContribution, HideContribution
from samen_inbreng.schemas.themes import AddTheme, ChooseContributions
from samen_inbreng.services.activities import close_activity, create_activity
from samen_inbreng.services.answers import write_answer
from samen_inbreng.services.contributions import Given, contribute
from samen_inbreng.services.entry import enter_contribution
from samen_inbreng.services.moderating import hide_contribution
from samen_inbreng.services.support import support
from samen_inbreng.services.themes import add_theme, put_in_theme

RESIDENT = "resident@samen.example"
"""The address of an account of the demonstration."""

FORM = Form(
    (
        Question("gebruik", "one_choice", "Hoe vaak komt u er?", options=(("dagelijks", "Elke dag"), ("soms", "Soms"))),
        Question("wensen", "several_choices", "Wat mist u?", options=(("bank", "Een bank"), ("boom", "Een boom"), ("licht", "Meer licht"))),
        Question("cijfer", "scale", "Welk cijfer geeft u?", minimum=1, maximum=5),
    )
)


def an_activity(platform: Platform, subject_id: uuid.UUID, **values: Any) -> Activity:
    """An open activity on this subject, committed; ``values`` are those of :class:`CreateActivity`."""
    with platform.unit_of_work(system("test")) as uow:
        term: dict[str, Any] = {"opens_at": uow.now - timedelta(days=1), "closes_at": uow.now + timedelta(days=5)}
        return create_activity(uow, CreateActivity(subject_id=subject_id, **{"title": "Wat moet er in het park komen?", **term, **values}))


def a_contribution(platform: Platform, activity: Activity, text: str = "Meer bomen.", actor: Actor | None = None, **values: Any) -> Given:
    """A contribution (anonymous, unless an actor is given), committed."""
    with platform.unit_of_work(actor or anonymous("test")) as uow:
        return contribute(uow, activity.id, Contribute(text=text, **values))


def an_entry(platform: Platform, activity: Activity, text: str = "Meer licht.", actor: Actor | None = None, **values: Any) -> Contribution:
    """What staff entered for somebody else, committed."""
    given = {"channel": "letter", "received_on": date(2026, 1, 2), **values}
    with platform.unit_of_work(actor or system("test")) as uow:
        return enter_contribution(uow, activity.id, EnterContribution(text=text, **given)).contribution


def make_many(uow: UnitOfWork, number: int) -> None:
    """So many more activities on one project; in the first of them so many more contributions, themes and answers."""
    project = uow.session.execute(select(Project.id).order_by(Project.id).limit(1)).scalar_one()
    term: dict[str, Any] = {"opens_at": uow.now - timedelta(days=1), "closes_at": uow.now + timedelta(days=5)}
    for at in range(number):
        create_activity(uow, CreateActivity(subject_id=project, title=f"Wat vindt u van plan {at}?", **term))
    uow.session.flush()
    first = uow.session.execute(select(Activity).where(Activity.subject_id == project).order_by(Activity.id).limit(1)).scalar_one()
    for at in range(number):
        theme = add_theme(uow, project, AddTheme(title=f"Thema {uow.now:%H%M%S} {number} {at}"))
        given = contribute(uow, first.id, Contribute(text=f"Meer bomen op plek {at}.")).contribution
        waiting = contribute(uow, first.id, Contribute(text=f"Meer licht op plek {at}.")).contribution
        put_in_theme(uow, theme.id, ChooseContributions(contribution_ids=(given.id, waiting.id)))
        write_answer(uow, project, WriteAnswer(outcome="partly", reason="Een deel nemen wij over.", contribution_ids=(given.id,)))
    _support(uow, first)


def _support(uow: UnitOfWork, activity: Activity) -> None:
    """The resident of the demonstration supports what was said last in an activity."""
    account = account_by_email(uow, RESIDENT)
    last = select(Contribution.id).where(Contribution.activity_id == activity.id).order_by(Contribution.id.desc()).limit(1)
    if account is not None:
        with uow.acting(Actor(kind="account", account_id=account, label="Test", origin="test")):
            support(uow, uow.session.execute(last).scalar_one())


def pages(platform: Platform) -> list[tuple[str, str]]:
    """Pages that no link leads to, or only in some states: the kind of visitor ("" for nobody) and the address."""
    with platform.read(system("test")) as uow:
        project = uow.session.execute(select(Project.id).order_by(Project.id).limit(1)).scalar_one()
        account = account_by_email(uow, RESIDENT)
    resident = Actor(kind="account", account_id=account, label="Test", origin="test")
    asking = an_activity(platform, project, title="Een activiteit met vragen", form=FORM)
    answers: dict[str, Any] = {"answers": {"gebruik": "soms", "cijfer": 3}}
    said = a_contribution(platform, asking, "Dit staat hier niet lang.", **answers).contribution
    own = a_contribution(platform, asking, "Dit is van mij.", resident, **answers).contribution
    survey = an_activity(platform, project, title="Een vragenlijst", kind="questionnaire", form=FORM)
    over = an_activity(platform, project, title="Een vragenlijst die is gesloten", kind="questionnaire", form=FORM)
    with platform.unit_of_work(system("test")) as uow:
        hide_contribution(uow, said.id, HideContribution(code="other", reason="Dit was een proef.", version=said.version))
        close_activity(uow, over.id, CloseActivity(version=over.version))
    here = f"/inbreng/{asking.slug}"
    subject = f"/inbreng/onderwerp/{project}"
    return [
        *(("", path) for path in (f"{here}/bedankt", f"{here}/bijdragen/{said.number}", f"/inbreng/{survey.slug}/invullen")),
        *(("", path) for path in (f"/inbreng/{over.slug}/uitslag", f"{subject}/verslag", "/inbreng/volgen")),
        *(("", f"/inbreng/{part}/verlopen") for part in ("bevestigen", "geen-mail")),
        *(("resident", f"{here}/bijdragen/{own.number}/{act}") for act in ("aanpassen", "intrekken")),
        *(("manager", f"{here}/bijdragen/{said.number}/{act}") for act in ("verbergen", "tonen")),
        *(("manager", f"{subject}/{part}") for part in ("beantwoorden", "klaar", "themas", "verslag")),
        *(("manager", f"/inbreng/{survey.slug}/{part}") for part in ("lijst-invoeren", "open-antwoorden", "papier")),
        *(("manager", f"/inbreng/{survey.slug}/{part}") for part in ("uitslag", "uitslag.csv")),
    ]
