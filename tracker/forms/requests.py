"""企业诉求: raised, answered, handed over, resolved, and what the enterprise says."""

import datetime
from typing import Any, cast

from django import forms

from tracker.access import Person
from tracker.choices import NeedKind, Satisfaction
from tracker.models import Campaign, Department

from .earlier import ProjectField
from .fields import FormKeyField, MomentField, NameField, TextField
from .offices import OfficeField, teams_of
from .projects import asks_of_doubles


class RequestForm(forms.Form):
    """登记诉求: of an enterprise, or of a project and so of its enterprise."""

    enterprise = NameField(
        label="企业",
        required=False,
        max_length=80,
        widget=forms.TextInput(
            attrs=asks_of_doubles("enterprise", "enterprise-check", "input changed delay:400ms, change")
        ),
    )
    project = ProjectField(label="项目编号", required=False)
    kind = forms.ChoiceField(
        label="诉求类别",
        choices=[("", "请选一类"), *NeedKind.choices],
        error_messages={"required": "请选诉求类别。", "invalid_choice": "没有这一类，请重选。"},
    )
    text = TextField(
        label="诉求内容", max_length=1000, multiline=True, error_messages={"required": "请写企业要什么。"}
    )
    raised_at = MomentField(label="提出时刻")
    owner = OfficeField(label="承办单位")
    form_key = FormKeyField()

    def __init__(
        self, *args: Any, campaign: Campaign, person: Person, now: datetime.datetime, **kwargs: Any
    ) -> None:
        self.now = now
        super().__init__(*args, **kwargs)
        teams = [team for team in teams_of(campaign) if person.may_log_for(team)]
        departments = Department.objects.all() if person.is_headquarters else ()
        cast(OfficeField, self.fields["owner"]).offer(teams, departments)
        cast(ProjectField, self.fields["project"]).person = person

    def clean_raised_at(self) -> datetime.datetime:
        at: datetime.datetime = self.cleaned_data["raised_at"]
        if at > self.now:
            raise forms.ValidationError("提出时刻不能晚于现在。")
        return at

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if (
            not data.get("enterprise")
            and not data.get("project")
            and not self.errors.keys() & {"enterprise", "project"}
        ):
            self.add_error("enterprise", "请写企业全称，或填项目编号。")
        return data


class FirstAnswerForm(forms.Form):
    text = TextField(
        label="首次答复",
        max_length=1000,
        multiline=True,
        error_messages={"required": "请写怎样答复了企业。"},
    )


class HandOverForm(forms.Form):
    owner = OfficeField(label="交给")
    reason = TextField(
        label="交办理由", max_length=200, error_messages={"required": "交办要写明理由，让接手的知道为什么。"}
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(OfficeField, self.fields["owner"]).offer(teams_of(campaign), Department.objects.all())


class ResolutionForm(forms.Form):
    text = TextField(
        label="办结情况", max_length=1000, multiline=True, error_messages={"required": "请写结果怎样。"}
    )


class RatingForm(forms.Form):
    satisfaction = forms.ChoiceField(
        label="企业评价",
        choices=Satisfaction.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选满意或不满意。", "invalid_choice": "请选满意或不满意。"},
    )
    note = TextField(label="企业怎么说", required=False, max_length=200)
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)


class ReopeningForm(forms.Form):
    reason = TextField(label="重办理由", max_length=200, error_messages={"required": "重办要写明理由。"})
