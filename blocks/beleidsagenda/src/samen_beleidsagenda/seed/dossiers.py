"""Dossiers: how each went through its phases, and the moments that were planned, put off and passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from citycontent.api import PartialDate
from samen_beleidsagenda.models import Dossier, PlanningItem
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.dossiers import ChooseLevel, CreateDossier, MoveDossier
from samen_beleidsagenda.schemas.participation import LinkParticipation
from samen_beleidsagenda.schemas.planning import PlanMoment, Postpone
from samen_beleidsagenda.seed.world import DATA, Data, World, read
from samen_beleidsagenda.services import approval
from samen_beleidsagenda.services.dossiers import choose_level, create_dossier, move_phase, publish_dossier
from samen_beleidsagenda.services.participation import link
from samen_beleidsagenda.services.planning import plan_moment, postpone

AHEAD = 150
"""How many days before it a moment is planned, when its dossier is that old."""


@dataclass(slots=True)
class Moment:
    """A moment as it stands in its last period, with what its file says of it."""

    data: Data
    item: PlanningItem
    dossier: Dossier
    about: Data
    """What its file says of the dossier."""
    since: date
    """Since when it stands there."""


class Dossiers:
    """The dossiers of all themes, and their moments as they stand now."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.uow = world.uow
        self.moments: list[Moment] = []
        self.told: list[tuple[Dossier, Data]] = []
        self.withdrawn: list[tuple[Dossier, str, date]] = []

    def make(self) -> None:
        """Let every dossier happen."""
        for path in sorted((DATA / "dossiers").glob("*.toml")):
            known = read(f"dossiers/{path.name}")
            for data in known["dossier"]:
                self._dossier(known, data)

    def _dossier(self, known: Data, data: Data) -> None:
        world, began = self.world, self.world.day(data["started"])
        with world.on(began):
            dossier = create_dossier(self.uow, self._command(known, data))
            if data.get("state") == "submitted":
                approval.submit(self.uow, Dossier, dossier.id, Approve(version=dossier.version))
            else:
                publish_dossier(self.uow, dossier.id, Approve(version=dossier.version))
        world.dossiers[data["key"]] = dossier
        self.told.append((dossier, data))
        chosen = ChooseLevel(level=data["level"], reason=data["level_reason"], version=dossier.version)
        with world.on(began + timedelta(days=1), hour=11):
            choose_level(self.uow, dossier.id, chosen)
        for phase, ago in data.get("phases", ()):
            # The first move is forward; a reason is for where it went back, on hold or was withdrawn.
            reason = data.get("reasons", {}).get(phase, "") if dossier.phase != "exploration" else ""
            if phase == "withdrawn":
                self.withdrawn.append((dossier, reason, world.day(ago)))
                continue
            move = MoveDossier(phase=phase, reason=reason, version=dossier.version)
            with world.on(world.day(ago)):
                move_phase(self.uow, dossier.id, move)
        for moment in data["moments"]:
            self.moments.append(self._moment(dossier, data, moment))

    def _command(self, known: Data, data: Data) -> CreateDossier:
        world = self.world
        return CreateDossier(
            title=data["title"],
            summary=data["summary"],
            why=data["why"],
            question=data["question"],
            holder_id=world.posts[known["holder"]],
            organization_id=world.organizations[known["team"]],
            contact=known["contact"],
            start_date=PartialDate(f"{world.day(data['started']):%Y-%m}"),
            expected_end=world.partial(data["end"]),
            theme_ids=tuple(world.themes[name] for name in (known["theme"], *data.get("themes", ()))),
            area_ids=tuple(world.areas[code] for code in data.get("areas", ())),
            project_ids=tuple(world.projects[name] for name in data.get("projects", ())),
            tags=tuple(data.get("tags", ())),
            confidential=data.get("confidential", False),
        )

    def withdraw(self) -> None:
        """Withdraw dossiers, once what happened to their moments before is known: with them everything lapses that is still to come."""
        for dossier, reason, day in self.withdrawn:
            with self.world.on(day):
                move_phase(self.uow, dossier.id, MoveDossier(phase="withdrawn", reason=reason, version=dossier.version))

    def tie(self) -> None:
        """Tie the tables at which people have their say, where they are there: the demonstration of their block came before this one.

        After all else: nobody gets mail about what was decided long ago.
        """
        for dossier, data in self.told:
            path = data.get("table")
            if path is not None and self.world.has_page(path):
                with self.world.on(self.world.day(data["phases"][0][1] if "phases" in data else 1)):
                    link(self.uow, dossier.id, LinkParticipation(thing=path, asked=data["asked"], done=data.get("done", "")))

    def _moment(self, dossier: Dossier, about: Data, data: Data) -> Moment:
        """Plan a moment in its first period and put it off until it stands in its last one."""
        world = self.world
        slips = [(world.period(told), reason) for told, reason in data.get("was", ())]
        last = world.period(data["on"])
        first = slips[0][0] if slips else last
        day = max(world.day(about["started"]) + timedelta(days=3), min(first.start - timedelta(days=AHEAD), world.today))
        body = world.bodies.get(data["body"])
        command = PlanMoment(
            dossier_id=dossier.id,
            kind=data["kind"],
            title=data["what"],
            period=first,
            body_id=body.organization_id if body else None,
            confidence=data.get("sure", "likely"),
            status="intended" if data.get("sure") == "uncertain" else "planned",
            has_say="say" in data,
            say_how=data.get("say", ""),
            publish=dossier.state == "published",
        )
        with world.on(day):
            item = plan_moment(self.uow, command)
        periods = [*(period for period, _reason in slips), last]
        for number, ((was, reason), period) in enumerate(zip(slips, periods[1:], strict=True)):
            latest = world.today - timedelta(days=2 * (len(slips) - number))
            day = max(day + timedelta(days=1), min(was.end - timedelta(days=4), latest))
            put_off = Postpone(version=item.version, period=period, reason=reason)
            with world.on(day):
                item = postpone(self.uow, item.id, put_off)
        return Moment(data, item, dossier, about, day)
