"""审计记录: who logged in, took data along, looked at a phone or was refused."""

from django.db import models
from django.utils import timezone

from tracker.choices import Deed
from tracker.tracing import LENGTH, LONGEST_AGENT

from .base import person_field


class AuditEvent(models.Model):
    """One deed; written once. The database itself refuses to change or delete it (see the migration)."""

    at = models.DateTimeField("时刻", default=timezone.now, db_index=True, editable=False)
    action = models.CharField("动作", max_length=16, choices=Deed.choices, editable=False)
    user = person_field("人")
    name = models.CharField("所填账号", max_length=40, blank=True, editable=False)
    kind = models.CharField("对象", max_length=20, blank=True, editable=False)
    reference = models.CharField("编号或名称", max_length=100, blank=True, editable=False)
    detail = models.CharField("详情", max_length=500, blank=True, editable=False)
    address = models.GenericIPAddressField("地址", null=True, editable=False)
    agent = models.CharField("浏览器", max_length=LONGEST_AGENT, blank=True, editable=False)
    request_number = models.CharField("请求编号", max_length=LENGTH, blank=True, editable=False)

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M:%S} {self.get_action_display()}"
