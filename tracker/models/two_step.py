"""两步验证: the second thing that a log-in asks for, and what stands in for a lost telephone."""

from django.db import models

from .user import User


class TwoStep(models.Model):
    """The secret itself is not kept: it follows from `salt` and the server's key.

    `last_step` is the time step of the last code that was taken, so that no code is taken twice.
    """

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="two_step", verbose_name="账号", editable=False
    )
    salt = models.CharField("盐", max_length=32, editable=False)
    confirmed_at = models.DateTimeField("开启时刻", null=True, editable=False)
    last_step = models.BigIntegerField("最近一次", default=0, editable=False)
    failures = models.PositiveSmallIntegerField("连错次数", default=0, editable=False)
    last_failed_at = models.DateTimeField("最近错时", null=True, editable=False)

    class Meta:
        verbose_name = "两步验证"
        verbose_name_plural = "两步验证"

    def __str__(self) -> str:
        return str(self.user)


class RecoveryCode(models.Model):
    """A code on paper that is good once."""

    two_step = models.ForeignKey(
        TwoStep, on_delete=models.CASCADE, related_name="codes", verbose_name="两步验证", editable=False
    )
    hashed = models.CharField("备用码散列", max_length=64, unique=True, editable=False)
    used_at = models.DateTimeField("使用时刻", null=True, editable=False)

    class Meta:
        verbose_name = "备用码"
        verbose_name_plural = "备用码"

    def __str__(self) -> str:
        return str(self.two_step)
