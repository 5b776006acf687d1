"""Where the storm blows: the seed's campaign, a person of every kind, every address, and harmful files."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from _room import ROOT

PARAMETERS = [
    "as_of", "campaign", "basis", "sort", "page", "q", "team", "brigade", "chain", "place", "amount",
    "since", "until", "stage", "counted", "pending", "over", "from", "upto", "below", "exactly", "kind",
    "by", "earlier", "target", "role", "state", "active", "correct", "export", "format", "one", "other",
    "name", "next", "view", "action", "person", "address", "enterprise", "uscc", "investment_wan",
    "signed_on", "share_1", "e", "o", "p", "_popup", "_to_field", "_changelist_filters", "term",
    "app_label", "model_name", "field_name", "state__exact", "chain__id__exact", "is_active__exact",
    "pledge__campaign__id__exact", "week", "month", "ended", "project", "played", "preview", "audience",
    "display", "theme", "correct", "export",
]  # fmt: skip


def _archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


_HEADER = "项目编号,项目名称,投资企业,产业链,投资总额（万元）,牵头队伍,签约日期\n"
FILES = [
    (b"", "a.pdf"), (b"%PDF-1.4\n%%EOF\n", "a.pdf"), (b"%PDF-1.4 <script>alert(1)</script>", "a.pdf.html"),
    (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "a.png"), (b"\xff\xd8\xff", "../../a.jpg"), (b"MZ\x90", "a.exe"),
    (_archive(), "a.xlsx"),
    (_archive(**{"xl/workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}), "a.xlsx"),
    (_archive(**{"word/document.xml": b"0" * 3_000_000}), "a.docx"), (b"PK\x03\x04broken", "a.xlsx"),
    (_HEADER.encode() + "X,甲,乙公司,不存在,待定,无队,2023-02-30\n".encode(), "a.csv"),
    (_HEADER.encode("gb18030") + b"\xff\x00,\x00", "a.csv"), (b"\xef\xbb\xbf\x00\x00", "a.csv"),
    (_HEADER.encode() + b",=1+1,<b>,,1e9,,\n" * 50, "a.csv"), (b"a" * 200_000, "a.csv"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls"), (b"\0" * 10, "a.ofd"),
    (b"x", "\u202egpj.exe"),
]  # fmt: skip


class Place:
    """The seed's campaign with some projects in every state, and a person of every kind."""

    def __init__(self) -> None:
        from progress import add_projects

        from tracker.actions.seeding import seed
        from tracker.models import Campaign

        seed(ROOT / "fixtures" / "xinhui-2023")
        self.campaign = Campaign.objects.get()
        add_projects(self.campaign, 0, 40)
        self.team = self.campaign.teams.exclude(kind="service").first()
        self.other = self.campaign.teams.exclude(kind="service").last()
        self.people = {
            "anonymous": ((), ()), "roleless": ((), ()), "reader": (("只读",), ()),
            "foreign": (("联络员",), (self.other,)), "liaison": (("联络员",), (self.team,)),
            "captain": (("队长",), (self.team,)), "headquarters": (("指挥部",), ()),
            "judge": (("指挥部",), ()), "administrator": (("系统管理员",), ()),
        }  # fmt: skip
        for who in self.people:
            self.client(who)
        self._fill()
        self.known = self._known()
        self.routes = list(self._routes())
        self._tracked = list(self._with_history())

    def _fill(self) -> None:
        from tracker.choices import Role
        from tracker.models import Evidence, Milestone, Reading, Target, User

        waiting = Milestone.objects.filter(status="pending")
        Milestone.objects.filter(pk__in=list(waiting.values_list("pk", flat=True)[:4])).update(
            status="returned", reason="缺"
        )
        for number, step in enumerate(Milestone.objects.all()[:6]):
            Evidence.objects.create(
                milestone=step, name=f"材料{number}.pdf", kind="pdf", size=9, sha256=f"{number:064x}"
            )
        for target in Target.objects.filter(metric="reported"):
            Reading.objects.create(target=target, data_on="2023-06-30", value=1, reported_by="统计局")
        assert User.objects.filter(groups__name=Role.HEADQUARTERS).exists()
        self._fill_after_the_signing()

    def _fill_after_the_signing(self) -> None:
        """Notes, orders, needs, conditions, months and screens, of own teams and of others."""
        from tests import factories
        from tracker.models import Department, Project

        office = Department.objects.first()
        for number, project in enumerate(Project.objects.order_by("pk")[:6]):
            team = self.team if number % 2 else self.other
            factories.FollowUpFactory(project=project, next_step="再谈", ask="请区领导出面")
            factories.ElementFactory(project=project)
            factories.CompletedInvestmentFactory(project=project)
            factories.DirectiveFactory(campaign=self.campaign, team=team, project=project)
            factories.DirectiveFactory(campaign=self.campaign, team=None, department=office)
            need = factories.ServiceRequestFactory(
                campaign=self.campaign, enterprise=project.enterprise, project=project
            )
            factories.OwnershipFactory(request=need, team=team)
        factories.DisplayTokenFactory()

    def client(self, who: str) -> Any:
        """A browser that is signed in as that person, whose rights are put right first."""
        from django.contrib.auth.models import Group
        from django.test import Client

        from tracker.models import Membership, User

        client = Client(raise_request_exception=False, SERVER_NAME="localhost")
        roles, teams = self.people[who]
        if who == "anonymous":
            return client
        user, _ = User.objects.get_or_create(username=f"bench-{who}", defaults={"name": "测量员"})
        User.objects.filter(pk=user.pk).update(is_active=True, must_change_password=False)
        user.groups.set(Group.objects.filter(name__in=roles))
        for team in teams:
            Membership.objects.get_or_create(user=user, team=team)
        client.force_login(User.objects.get(pk=user.pk))
        return client

    def _known(self) -> dict[str, list[Any]]:
        from tracker.models import Brigade, Evidence, Pledge, Project, Team, User

        return {
            "code": [
                *Project.objects.values_list("code", flat=True)[:12],
                *Team.objects.values_list("code", flat=True)[:5],
                *Brigade.objects.values_list("code", flat=True)[:3],
            ],
            "kind": ["signed", "landed", "started", "completed"],
            "what": ["enterprise", "code", "phone", "title", "earlier", "amount", "day", "shares"],
            "pk": [
                *Pledge.objects.values_list("pk", flat=True)[:6],
                *Evidence.objects.values_list("pk", flat=True),
                *User.objects.values_list("pk", flat=True),
            ],
            "object_id": ["1", "2", "3", "9"],
            "token": ["a" * 22],
            "number": list(range(1, 14)),
            "ends_on": ["2023-06-30", "2023-08-31", "2023-09-30"],
            "app_label": ["tracker"],
            "path": ["login/"],
        }  # fmt: skip

    def words(self) -> list[str]:
        """Codes and names of accounts, which are Latin letters."""
        from tracker.models import Brigade, Campaign, IndustryChain, Target, Team, User
        from tracker.models import Place as Town

        codes = [model.objects.values_list("code", flat=True) for model in (Brigade, Campaign, Team, Town)]
        more = [model.objects.values_list("code", flat=True) for model in (IndustryChain, Target)]
        return [
            text
            for texts in (*codes, *more, User.objects.values_list("username", flat=True))
            for text in texts
        ]

    def _routes(self) -> Iterator[tuple[str, list[str]]]:
        from django.urls import get_resolver

        yield from _addresses(get_resolver())

    def _with_history(self) -> Iterator[Any]:
        from django.apps import apps

        for model in apps.get_app_config("tracker").get_models():
            history = getattr(getattr(model, "history", None), "model", None)
            if history is not None and model.__name__ != "User":
                yield history

    def history(self) -> int:
        """Grows with every change of a campaign's fact."""
        return sum(model.objects.count() for model in self._tracked)


def _addresses(
    resolver: Any, prefix: str = "", names: tuple[str, ...] = ()
) -> Iterator[tuple[str, list[str]]]:
    """(pattern with %(name)s, its names) of every address, those of the back office too."""
    from django.urls import URLResolver
    from django.utils.regex_helper import normalize

    for entry in resolver.url_patterns:
        [pattern, more] = normalize(entry.pattern.regex.pattern)[0]
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, prefix + pattern, (*names, *more))
        else:
            yield prefix + pattern, [*names, *more]
