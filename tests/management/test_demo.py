"""Where the demonstration is not loaded; what it loads is tested beside its action."""

import pytest
from django.core.management import CommandError, call_command

from tests.factories import ProjectFactory, UserFactory
from tracker.actions.demonstration import USERNAMES
from tracker.models import Campaign, User

pytestmark = pytest.mark.django_db


def test_a_database_with_real_projects_is_left_alone() -> None:
    ProjectFactory()

    with pytest.raises(CommandError, match="这个数据库已有项目") as refused:
        call_command("demo", quiet=True)

    assert refused.value.returncode == 1
    assert not Campaign.objects.exists()
    assert not User.objects.filter(username__in=USERNAMES).exists()


def test_a_database_with_accounts_of_the_same_names_is_left_alone() -> None:
    UserFactory(username="zhihuibu")

    with pytest.raises(CommandError, match="这个数据库已有账号 zhihuibu"):
        call_command("demo", quiet=True)

    assert not Campaign.objects.exists()
