"""From decision to final report."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from samen_core.api import Form
from samen_inbreng.api import HowItCame, enter_response
from samen_samenspreker.models import Action
from samen_samenspreker.queries.evaluations import evaluation_of_cycle
from samen_samenspreker.schemas.actions import AddAction, UpdateAction
from samen_samenspreker.schemas.decisions import PublishDecision, WeighingItem, WriteDecision
from samen_samenspreker.schemas.evaluations import SURVEY, PublishEvaluation, SaveEvaluation, StartSurvey
from samen_samenspreker.schemas.reports import PublishReport, SaveReport
from samen_samenspreker.services.actions import add_action, update_action
from samen_samenspreker.services.decisions import publish_decision, write_decision
from samen_samenspreker.services.evaluations import publish_evaluation, save_evaluation, start_survey
from samen_samenspreker.services.reports import publish_report, save_report

if TYPE_CHECKING:
    from samen_samenspreker.seed.story import Story

Data = dict[str, Any]
PARTS = {"A": "subject", "B": "goals", "C": "scale", "D": "participants", "E": "level", "F": "approach"}
WELL = ("De avond was goed geleid.", "Iedereen kwam aan het woord.", "Ik kreeg antwoord op mijn vraag.", "Dat kinderen meededen.", "")
BETTER = ("Eerder beginnen met vragen.", "Minder lange stukken.", "", "Ook overdag een bijeenkomst.", "Meer ondernemers aan tafel.", "")


class Closing:
    """Steps 3, 4 and 5 of a question."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.actions: dict[str, uuid.UUID] = {}
        self.survey_id = uuid.UUID(int=0)

    def plan(self) -> None:
        """Every act from the decision on."""
        data, plan = self.story.data, self.story.plan
        decision = data.get("decision")
        if decision is not None:
            plan.on(decision.get("published", 10), 55, lambda: self._decide(decision))
        executed = next((ago for step, ago, _reason in data.get("steps", ()) if step == "execute"), 0)
        for known in data.get("actions", ()):
            plan.on(executed, 70, partial(self._act, known))
            for news in known.get("updates", ()):
                plan.on(news["day"], 75, partial(self._tell, known, news))
            if not known.get("updates") and (known["state"] != "planned" or known["progress"]):
                plan.on(known.get("finished", 20), 75, partial(self._tell, known, known))
        self._plan_evaluation()

    def _plan_evaluation(self) -> None:
        data, plan = self.story.data, self.story.plan
        evaluation, report = data.get("evaluation"), data.get("report")
        if evaluation is not None:
            survey = data["survey"]
            plan.on(survey["opens"], 70, lambda: self._survey(survey))
            plan.on(max(survey["closes"], 5) + 3, 72, lambda: self._fill_in(survey))
            plan.on(evaluation.get("published", 6), 73, lambda: self._evaluate(evaluation))
        if report is not None:
            plan.on(report["published"], 76, lambda: self._report(report))

    def _decide(self, known: Data) -> None:
        story, world = self.story, self.story.world
        options, themes = story.solving.options, story.talk.themes
        weighings = [WeighingItem(text=text, option_id=options[key]) for key, text in known.get("weighing_options", {}).items()]
        weighings += [WeighingItem(text=text, theme_id=themes[key]) for key, text in known.get("weighing_themes", {}).items()]
        command = WriteDecision(
            organization_id=world.organizations[known["organization"]],
            decided_by=known["by"],
            decided_on=world.day(known["published"]) if "published" in known else None,
            option_id=options[known["option"]],
            text=known["text"],
            reasons=known["reasons"],
            reaction=known.get("reaction", ""),
            weighings=tuple(weighings),
        )
        draft = write_decision(story.uow, story.id, command)
        if "published" in known:
            publish_decision(story.uow, draft.id, PublishDecision(version=draft.version))

    def _act(self, known: Data) -> None:
        story, world = self.story, self.story.world
        command = AddAction(
            title=known["title"],
            organization_id=world.organizations[known["organization"]],
            due_on=world.day(known["due"]),
            description=known.get("description", ""),
            starts_on=world.day(known["starts"]),
            budget=known["budget"],
        )
        made = add_action(story.uow, story.id, command)
        self.actions[known["title"]] = made.id
        for part in known.get("parts", ()):
            inner = add_action(
                story.uow,
                story.id,
                replace(command, title=part["title"], due_on=world.day(part["due"]), description="", budget=None, parent_id=made.id),
            )
            self.actions[part["title"]] = inner.id
            self.story.uow.session.flush()
        for part in known.get("parts", ()):
            if part["state"] != "planned":
                self._tell(part, part)

    def _tell(self, known: Data, news: Data) -> None:
        story = self.story
        found = story.uow.session.get_one(Action, self.actions[known["title"]])
        due = story.world.day(news["due"]) if "due" in news and news is not known else found.due_on
        state = news.get("state", "in_progress")
        text = news.get("text") or ("Klaar." if state == "done" else "Het werk is begonnen.")
        command = UpdateAction(state=state, due_on=due, progress=news.get("progress", found.progress), text=text, version=found.version)
        update_action(story.uow, found.id, command)

    def _survey(self, known: Data) -> None:
        story = self.story
        command = StartSurvey(
            title=known["title"],
            intro="Wij horen graag hoe u het vond.",
            closes_on=max(story.world.day(known["closes"]), story.world.day(known["opens"] - 1)),
            access="everyone",
            form=Form(SURVEY),
        )
        self.survey_id = start_survey(story.uow, story.id, command).id

    def _fill_in(self, known: Data) -> None:
        story = self.story
        survey_id = self.survey_id
        for number in range(known["answers"]):
            answers: Data = {
                "information": 3 + number % 3,
                "clear": 2 + number % 4,
                "heard": 3 + (number * 2) % 3,
                "answered": ("yes", "yes", "partly", "yes", "no", "none")[number % 6],
                "satisfied": 2 + (number * 3) % 4,
                "again": ("yes", "yes", "maybe", "yes", "no")[number % 5],
                "well": WELL[number % len(WELL)],
                "better": BETTER[number % len(BETTER)],
            }
            how = HowItCame(channel="survey", sector=("citizens", "citizens", "civil_society", "business")[number % 4])
            enter_response(story.uow, survey_id, answers, how)

    def _evaluate(self, known: Data) -> None:
        story = self.story
        goals = {code: {"reached": reached, "text": text} for code, (reached, text) in known["goals"].items()}
        stored = evaluation_of_cycle(story.uow, story.id, story.question.cycle)
        command = SaveEvaluation(
            goals=goals,
            result=known["result"],
            process=known["process"],
            lessons=known["lessons"],
            version=stored.version if stored else None,
        )
        saved = save_evaluation(story.uow, story.id, command)
        if "published" in known:
            publish_evaluation(story.uow, story.id, PublishEvaluation(version=saved.version))

    def _report(self, known: Data) -> None:
        story = self.story
        texts = {letter: {"went": known[name], "deviation": ""} for letter, name in PARTS.items()}
        draft = save_report(story.uow, story.id, SaveReport(deviations=texts))
        publish_report(story.uow, story.id, PublishReport(version=draft.version))
