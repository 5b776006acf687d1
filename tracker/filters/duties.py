"""How much waits for one person: the numbers on the menu, each a subquery of the campaign's row."""

from django.db.models import Count, Exists, Expression, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tracker.access import Person
from tracker.choices import AnswerStatus, DirectiveStatus, ExtensionStatus, RequestStatus
from tracker.models import Directive, DirectiveAnswer, Extension, Ownership, ServiceRequest


def own_directives(person: Person) -> Expression:
    """For a 队长 those to be answered; for headquarters answers and extensions that others sent."""
    if not (person.may_direct or person.captained_ids):
        return Value(0)
    mine = Q(status=DirectiveStatus.OPEN, team_id__in=person.captained_ids)
    if person.may_direct:
        user, this = person.user.pk, OuterRef("pk")
        answers = DirectiveAnswer.objects.filter(directive=this, status=AnswerStatus.WAITING)
        asked = Extension.objects.filter(directive=this, status=ExtensionStatus.ASKED)
        mine |= Q(Exists(answers.exclude(answered_by=user)), status=DirectiveStatus.ANSWERED)
        mine |= Q(Exists(asked.exclude(asked_by=user)), status=DirectiveStatus.OPEN)
    return _counted(Directive.objects.filter(mine))


def own_requests(person: Person) -> Expression:
    """For a clerk what own teams have not resolved; for headquarters what no account can answer."""
    if not (person.is_headquarters or person.clerk_ids):
        return Value(0)
    owners = Ownership.objects.filter(request=OuterRef("pk")).order_by("-since_at", "-pk")
    rows = ServiceRequest.objects.exclude(status=RequestStatus.RESOLVED).alias(
        owner_team=Subquery(owners.values("team")[:1])
    )
    mine = Q(owner_team__in=person.clerk_ids)
    if person.is_headquarters:
        mine |= Q(owner_team__isnull=True, status=RequestStatus.OPEN)
    return _counted(rows.filter(mine))


def _counted(rows: "QuerySet[Directive] | QuerySet[ServiceRequest]") -> Expression:
    numbers = (
        rows.filter(campaign=OuterRef("pk"))
        .order_by()
        .values("campaign")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(numbers), 0)
