"""Who may see and do what: one file, asked by pages, admin and sheets alike."""

import datetime
import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q

from tracker.choices import Audience, Role, VerificationStatus
from tracker.models import Directive, DisplayToken, Enterprise, Ownership, Project, Team, User

# Digits with what people write between them; then what is left of names in other systems.
_NUMBER = re.compile(r"[+(（]?\d(?:[\d\s().（）－—–-]*\d)?")
_MOBILE = re.compile(r"(?:86)?(1[3-9]\d)\d{4}(\d{4})")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d\d))\d{4,5}(\d{3})")
_HANDLE = re.compile(r"(?<=[A-Za-z])[A-Za-z@._*-]+")
_RANK = (Role.HEADQUARTERS, Role.ADMINISTRATOR, Role.CAPTAIN, Role.LIAISON, Role.READER)


@dataclass(frozen=True)
class Person:
    """A signed-in user with roles and teams, read once a request."""

    user: User
    roles: frozenset[str]
    team_ids: frozenset[int]

    @property
    def name(self) -> str:
        return str(self.user)

    @property
    def role_label(self) -> str:
        return next((role.value for role in _RANK if role in self.roles), "未分配角色")

    @property
    def is_headquarters(self) -> bool:
        return Role.HEADQUARTERS in self.roles

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.roles

    @property
    def is_clerk(self) -> bool:
        """联络员 or 队长 of at least one team."""
        return bool(self.team_ids) and not self.roles.isdisjoint({Role.LIAISON, Role.CAPTAIN})

    @property
    def own_scope(self) -> frozenset[int] | None:
        """Teams whose affairs come first: a clerk's own; None, which is all, for everybody else."""
        return self.team_ids if self.is_clerk and not self.is_headquarters else None

    @property
    def may_read(self) -> bool:
        return bool(self.roles)

    @property
    def may_log_projects(self) -> bool:
        return self.is_headquarters or self.is_clerk

    @property
    def may_recognise(self) -> bool:
        return self.is_headquarters

    @property
    def may_merge_enterprises(self) -> bool:
        return self.is_headquarters

    @property
    def may_direct(self) -> bool:
        """签发, 销号, 退回, 延期 and 撤回 of 督办单."""
        return self.is_headquarters

    @property
    def may_raise_requests(self) -> bool:
        return self.is_headquarters or self.is_clerk

    @property
    def may_follow_up_requests(self) -> bool:
        """回访: whether an enterprise is satisfied is asked by who did not do the work."""
        return self.is_headquarters

    @property
    def may_allocate(self) -> bool:
        return self.is_headquarters

    @property
    def may_enter_readings(self) -> bool:
        return self.is_headquarters

    @property
    def may_manage_accounts(self) -> bool:
        return self.is_administrator

    @property
    def may_use_two_step(self) -> bool:
        return self.is_headquarters or self.is_administrator

    @property
    def may_read_audit(self) -> bool:
        return self.is_administrator

    @property
    def may_manage_displays(self) -> bool:
        return self.is_administrator or self.is_headquarters

    @property
    def may_edit_organisation(self) -> bool:
        return self.is_administrator or self.is_headquarters

    @property
    def may_set_counting(self) -> bool:
        """Dates and modes of a campaign change its figures, which administrators may not."""
        return self.is_headquarters

    @property
    def sees_drafts(self) -> bool:
        """Placeholder targets are headquarters' own until they are issued."""
        return self.is_headquarters

    @property
    def may_enter_admin(self) -> bool:
        return self.is_administrator or self.may_log_projects

    @property
    def captained_ids(self) -> frozenset[int]:
        """The teams that somebody answers for as 队长."""
        return self.team_ids if Role.CAPTAIN in self.roles else frozenset()

    @property
    def clerk_ids(self) -> frozenset[int]:
        """The teams that somebody writes for as 联络员 or 队长."""
        return self.team_ids if self.is_clerk else frozenset()

    def may_answer(self, directive: Directive) -> bool:
        """队长 of the addressed team; for a 责任单位, which has no account, headquarters."""
        if directive.team_id is None:
            return self.is_headquarters
        return directive.team_id in self.captained_ids

    def may_serve(self, owner: Ownership) -> bool:
        """Answer, hand over and resolve a request: the team that owns it now, and headquarters."""
        return self.is_headquarters or owner.team_id in self.clerk_ids

    def owns(self, team_ids: Iterable[int]) -> bool:
        return self.is_clerk and not self.team_ids.isdisjoint(team_ids)

    def may_edit_project(self, project: Project) -> bool:
        return self.is_headquarters or self.owns(teams_on(project))

    def may_log_for(self, team: Team) -> bool:
        return self.is_headquarters or self.owns([team.pk])

    def reads_details(self, project: Project) -> bool:
        """Everything of an open project; of a confidential one only own teams and headquarters."""
        return not project.is_confidential or self.is_headquarters or self.owns(teams_on(project))

    def reads_phone(self, project: Project) -> bool:
        return self.is_headquarters or self.owns(teams_on(project))

    def own_projects(self, prefix: str = "") -> Q:
        """The projects that may be edited: all for headquarters, those with own credit for a clerk."""
        if self.is_headquarters:
            return Q()
        teams = self.team_ids if self.is_clerk else ()
        own = Project.objects.filter(credits__team_id__in=teams).values("pk")
        return Q(**{f"{prefix}pk__in": own})

    def own_enterprises(self) -> Q:
        """Investors of own projects, and those that an own team recorded first."""
        if self.is_headquarters:
            return Q()
        mine = Project.objects.filter(self.own_projects()).values("enterprise")
        return Q(pk__in=mine) | Q(first_team_id__in=self.team_ids if self.is_clerk else ())

    def known_enterprises(self) -> Q:
        """Investors that a project may be logged for without telling of a confidential one."""
        if self.is_headquarters:
            return Q()
        secret = Project.objects.filter(is_confidential=True).exclude(self.own_projects())
        # Row by row: asked of three enterprises, it does not read all projects.
        own = Exists(secret.filter(enterprise=OuterRef("pk")))
        standing = Exists(secret.filter(enterprise=OuterRef("merged_into")))
        return Q(~own) & Q(~standing)

    def may_edit_enterprise(self, enterprise: Enterprise) -> bool:
        """A clerk may while every project of it is an own one and none is recognised."""
        if self.is_headquarters:
            return True
        projects = Project.objects.filter(enterprise=enterprise)
        settled = Q(milestones__status=VerificationStatus.VERIFIED)
        return self.may_log_projects and not projects.filter(~self.own_projects() | settled).exists()

    def detailed_projects(self, prefix: str = "") -> Q:
        """The projects whose names, enterprises and texts may be read, searched and sorted by."""
        if self.is_headquarters:
            return Q()
        details = Q(**{f"{prefix}is_confidential": False})
        if self.is_clerk:
            own = Project.objects.filter(credits__team_id__in=self.team_ids).values("pk")
            details |= Q(**{f"{prefix}pk__in": own})
        return details

    def readable_directives(self) -> Q:
        """督办单 that are read whole: own teams', and those about own projects and own pledges.

        Of any other everybody reads number, office, deadline, state and, unless it is about a
        confidential project, the subject.
        """
        if self.is_headquarters:
            return Q()
        teams = self.clerk_ids
        own = Project.objects.filter(credits__team_id__in=teams).values("pk")
        return Q(team_id__in=teams) | Q(pledge__team_id__in=teams) | Q(project_id__in=own)

    def readable_requests(self) -> Q:
        """企业诉求 that are read whole; of any other the kind, the clock, the owner and the state."""
        if self.is_headquarters:
            return Q()
        owned = Ownership.objects.filter(request=OuterRef("pk"), team_id__in=self.clerk_ids)
        known = Enterprise.objects.filter(self.known_enterprises(), pk=OuterRef("enterprise"))
        of_project = Q(project__isnull=False) & self.detailed_projects("project__")
        return Q(Exists(owned)) | of_project | (Q(project__isnull=True) & Q(Exists(known)))


def person_of(user: User | AnonymousUser) -> Person | None:
    """The person behind a signed-in user, in one query; None where nobody is signed in.

    Read anew each time: an account that was disabled a moment ago has no roles and no teams.
    """
    if not isinstance(user, User):
        return None
    active = User.objects.filter(pk=user.pk, is_active=True)
    pairs = list(active.values_list("groups__name", "memberships__team_id"))
    roles = {name for name, _ in pairs if name}
    if user.is_superuser and pairs:
        roles.add(Role.ADMINISTRATOR.value)
    return Person(user, frozenset(roles), frozenset(team for _, team in pairs if team))


def masked_phone(text: str) -> str:
    """联系电话 as anybody sees it before asking: 138****0021, 0750-****023; of other handles one sign."""
    return _HANDLE.sub("*", _NUMBER.sub(_masked_number, text))


def _masked_number(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    if mobile := _MOBILE.fullmatch(digits):
        return f"{mobile[1]}****{mobile[2]}"
    if landline := _LANDLINE.fullmatch(digits):
        return f"{landline[1]}-****{landline[2]}"
    return f"****{digits[-3:] if len(digits) > 6 else ''}"


def teams_on(project: Project) -> set[int]:
    """Teams with credit for a project in any campaign."""
    return {credit.team_id for credit in project.credits.all()}


# 大屏: whoever stands before a screen may know this much, signed in or not.

# What the wall tells nothing of but the public name, the teams, the amount, the stage and its days.
OPEN_PROJECTS = {"is_confidential": False}
NAMELESS = "保密项目"


def may_show(display: DisplayToken, *, today: datetime.date, address: str | None) -> bool:
    """Whether a screen's authorisation holds: today, from this address."""
    if display.revoked_at is not None or display.is_paused or today > display.expires_on:
        return False
    return not display.address_range or _within(address, display.address_range)


def _within(address: str | None, ranges: str) -> bool:
    if address is None:
        return False
    asking = ipaddress.ip_address(address)
    return any(asking in ipaddress.ip_network(part) for part in ranges.split())


def wall_name(project: Project, audience: str) -> str:
    """What a project is called on a wall: its name where it is 可上墙, else what gives nothing away.

    Guests read no 对外名称 either: some branch's 某…项目. The chain of a confidential one is a detail.
    """
    if project.is_on_wall and not project.is_confidential:
        return project.name
    if audience == Audience.INTERNAL and project.public_name:
        return project.public_name
    return NAMELESS if project.is_confidential else f"某{project.chain.name}项目"
