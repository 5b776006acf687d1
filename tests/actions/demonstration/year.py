"""The demonstration year as the tests load it, and what has landed in it."""

import datetime

from django.apps import apps
from django.conf import settings
from django.db import connection

from tracker.actions.demonstration import load
from tracker.models import Campaign, Exclusion
from tracker.progress.month_ends import states_on

TODAY = datetime.date(2023, 9, 15)

# 亿元 landed on 15 September, team by team.
LANDED = {
    "新能源": "96.50",
    "高端装备": "38.60",
    "新材料": "33.10",
    "电子信息": "25.90",
    "大健康": "20.40",
    "农业": "17.70",
    "文旅体": "13.90",
    "服务业": "11.60",
    "建筑地产": "11.20",
    "教育科技": "5.10",
    "会城": "13.40",
    "圭峰": "11.60",
    "崖门": "11.10",
    "司前": "9.20",
    "古井": "9.10",
    "双水": "7.50",
    "大泽": "5.80",
    "睦洲": "4.40",
    "三江": "4.20",
    "沙堆": "3.50",
    "罗坑": "3.10",
    "大鳌": "1.50",
    "工业园区": "14.60",
    "驻深圳": "8.60",
    "驻上海": "3.40",
    "海外": "1.40",
}


def make() -> Campaign:
    load(settings.BASE_DIR / "fixtures", states_on)
    return Campaign.objects.get()


def wipe() -> None:
    """Everything but the list of reasons, which comes with the migrations; undone by a rollback."""
    unguarded = {
        "sqlite": [f"DROP TRIGGER audit_event_no_{deed}" for deed in ("update", "delete")],
        "postgresql": ["SET LOCAL session_replication_role = replica"],
    }
    with connection.cursor() as cursor:
        for statement in unguarded[connection.vendor]:
            cursor.execute(statement)
    for model in apps.get_app_config("tracker").get_models(include_auto_created=True):
        if model is not Exclusion:
            model._base_manager.all()._raw_delete("default")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
