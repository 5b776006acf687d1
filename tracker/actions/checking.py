"""Proves what no single row's constraint can say; one sentence for each breach."""

import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from django.apps import apps
from django.db.models import Count, F, Model, Q, Sum
from django.db.models.fields import CharField, TextField

from tracker.choices import AnswerStatus, CreditRole, DirectiveStatus, TeamKind
from tracker.models import (
    Campaign,
    Credit,
    Directive,
    Enterprise,
    Evidence,
    Milestone,
    Ownership,
    PlanPoint,
    Pledge,
    Project,
    ServiceRequest,
    Target,
    Team,
)

from .evidence import open_whole
from .refusal import Refused


def breaches() -> Iterator[str]:
    yield from _current_campaigns()
    yield from _campaigns_apart()
    yield from _shares()
    yield from _service_shares()
    yield from _recognised_above_declared()
    yield from _merged_enterprises()
    yield from _plans()
    yield from _directives()
    yield from _requests()
    yield from _files()
    yield from _texts()


def _current_campaigns() -> Iterator[str]:
    current = Campaign.objects.filter(is_current=True).count()
    if current > 1:
        yield f"当前年度有 {current} 个，只能有一个"


def _campaigns_apart() -> Iterator[str]:
    for team in Team.objects.exclude(campaign=F("brigade__campaign")):
        yield f"队伍“{team.name}”与它的大队不属同一个招商年度"
    apart = (Q(team__isnull=False) & ~Q(team__campaign=F("campaign"))) | (
        Q(brigade__isnull=False) & ~Q(brigade__campaign=F("campaign"))
    )
    for pledge in Pledge.objects.filter(apart).select_related("team", "brigade", "campaign"):
        yield f"“{pledge.holder_name}”的军令状与它不属同一个招商年度"
    for credit in Credit.objects.exclude(campaign=F("team__campaign")).select_related("project", "team"):
        yield f"项目 {credit.project.code} 的队伍“{credit.team.name}”不属这份功劳的招商年度"


def _shares() -> Iterator[str]:
    groups = (
        Credit.objects.order_by()
        .values("project__code", "campaign__code")
        .annotate(total=Sum("share"), leads=Count("pk", filter=Q(role=CreditRole.LEAD)))
        .exclude(total=100, leads=1)
        .order_by("project__code", "campaign__code")
    )
    for group in groups:
        where = f"项目 {group['project__code']} 在 {group['campaign__code']}"
        yield f"{where} 的份额合计 {group['total']}%、牵头队伍 {group['leads']} 支，应为 100%、1 支"
    for project in Project.objects.filter(credits__isnull=True):
        yield f"项目 {project.code} 没有牵头队伍"


def _service_shares() -> Iterator[str]:
    credits = Credit.objects.filter(team__kind=TeamKind.SERVICE, share__gt=0)
    for credit in credits.select_related("project", "team"):
        yield f"项目 {credit.project.code} 的服务专班“{credit.team.name}”占 {credit.share}%，应为 0%"


def _recognised_above_declared() -> Iterator[str]:
    above = Milestone.objects.filter(recognised_wan__gt=F("project__investment_wan"))
    for milestone in above.select_related("project"):
        declared = milestone.project.investment_wan
        name = f"项目 {milestone.project.code} 的{milestone.get_kind_display()}"
        yield f"{name}认定额 {milestone.recognised_wan} 万元高于申报额 {declared} 万元"


def _merged_enterprises() -> Iterator[str]:
    """Nothing hangs on a name that only stands for another one."""
    for project in Project.objects.filter(enterprise__merged_into__isnull=False).select_related("enterprise"):
        yield f"项目 {project.code} 还挂在已并入别家的“{project.enterprise.name}”名下"
    for request in ServiceRequest.objects.filter(enterprise__merged_into__isnull=False):
        yield f"{request}还挂在已并入别家的企业名下"
    for row in Enterprise.objects.filter(merged_into__merged_into__isnull=False):
        yield f"“{row.name}”并入的企业又并入了别家，应直接指向最后那一家"


def _plans() -> Iterator[str]:
    targets = Target.objects.filter(plan_points__isnull=False).distinct().prefetch_related("plan_points")
    for target in targets.select_related("pledge__team", "pledge__brigade", "pledge__campaign"):
        yield from _plan(target, sorted(target.plan_points.all(), key=lambda point: point.due_on))


def _plan(target: Target, points: list[PlanPoint]) -> Iterator[str]:
    for earlier, later in pairwise(points):
        if later.value < earlier.value:
            yield f"“{target}”的分月计划在 {later.due_on:%Y-%m-%d} 低于前一个月"
    if target.value is not None and points[-1].value > target.value:
        yield f"“{target}”的分月计划高于任务数"


def _directives() -> Iterator[str]:
    """A state is what the answers say; the number of answers in each state follows from it."""
    apart = (Q(team__isnull=False) & ~Q(team__campaign=F("campaign"))) | (
        Q(pledge__isnull=False) & ~Q(pledge__campaign=F("campaign"))
    )
    for row in Directive.objects.filter(apart):
        yield f"{row}的队伍或军令状不属它的招商年度"
    counted = Directive.objects.exclude(status=DirectiveStatus.WITHDRAWN).annotate(
        waiting=Count("answers", filter=Q(answers__status=AnswerStatus.WAITING)),
        accepted=Count("answers", filter=Q(answers__status=AnswerStatus.ACCEPTED)),
    )
    expected = {
        DirectiveStatus.OPEN: (0, 0),
        DirectiveStatus.ANSWERED: (1, 0),
        DirectiveStatus.CLOSED: (0, 1),
    }
    for row in counted:
        if (row.waiting, row.accepted) != expected[DirectiveStatus(row.status)]:
            answers = f"待核答复 {row.waiting} 次、同意销号 {row.accepted} 次"
            yield f"{row}{row.get_status_display()}，却有{answers}"


def _requests() -> Iterator[str]:
    """Each has an owner from the moment on which it was raised."""
    first = Ownership.objects.filter(since_at__lte=F("request__raised_at")).values("request")
    for row in ServiceRequest.objects.exclude(pk__in=first):
        yield f"{row}从提出起没有承办单位"
    for owner in (
        Ownership.objects.filter(team__isnull=False)
        .exclude(team__campaign=F("request__campaign"))
        .select_related("request", "team")
    ):
        yield f"{owner.request}的承办队伍“{owner.office}”不属它的招商年度"


def _files() -> Iterator[str]:
    """Withdrawn ones too: what was once handed in stays."""
    rows = Evidence.objects.select_related("milestone__project", "answer__directive")
    for row in rows.iterator():
        try:
            open_whole(row).close()
        except Refused as refused:
            words = refused.message.partition("，")[0].removeprefix("这份材料的")
            yield f"{_matter(row)}材料“{row.name}”：{words}"


def _matter(row: Evidence) -> str:
    if row.milestone is None:
        return f"{row.answer.directive if row.answer else '督办单'}的答复"
    return f"项目 {row.milestone.project.code} 的{row.milestone.get_kind_display()}"


def _texts() -> Iterator[str]:
    """One such character in a stored text breaks every later export of it."""
    for model in apps.get_app_config("tracker").get_models():
        if not hasattr(model, "instance_type"):
            yield from _texts_of(model)


def _texts_of(model: type[Model]) -> Iterator[str]:
    fields = [field for field in model._meta.concrete_fields if isinstance(field, CharField | TextField)]
    rows = model._default_manager.order_by("pk").values_list("pk", *(field.name for field in fields))
    for pk, *texts in rows.iterator():
        for field, text in zip(fields, texts, strict=True):
            if text and not text.isprintable() and any(map(_is_control, text)):
                yield f"{model._meta.verbose_name} {pk} 的“{field.verbose_name}”含有控制字符"


def _is_control(sign: str) -> bool:
    return sign not in "\n\r\t" and unicodedata.category(sign) in ("Cc", "Cs")
