"""大屏授权: who may give it, change it and take it back, asked again where it is written."""

from typing import Any

import pytest

from tests.factories import CampaignFactory, DisplayTokenFactory
from tests.people import make_judge, make_person
from tests.walls import UNTIL
from tracker.actions.displays import (
    authorise,
    change_display,
    pause_display,
    resume_display,
    revoke_display,
)
from tracker.actions.district_maps import remove_map
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.models import DisplayToken, DistrictMap

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["reader", "captain", "gone"])
def test_rights_are_read_again_under_the_lock(who: str) -> None:
    by: Any = {
        "reader": lambda: make_person(Role.READER),
        "captain": lambda: make_person(Role.CAPTAIN),
        "gone": lambda: make_judge(is_active=False),
    }[who]()
    display = DisplayTokenFactory(name="一楼")
    campaign = CampaignFactory()
    DistrictMap.objects.create(campaign=campaign, geojson="{}", source="某局", approval="粤S001")

    for act in (
        lambda: authorise({"name": "二楼", "expires_on": UNTIL}, by=by),
        lambda: change_display(display, {"name": "三楼"}, by=by),
        lambda: pause_display(display, by=by),
        lambda: resume_display(display, by=by),
        lambda: revoke_display(display, by=by),
        lambda: remove_map(campaign, by=by),
    ):
        with pytest.raises(Refused, match="你现在没有这项权限"):
            act()

    [kept] = DisplayToken.objects.all()
    assert (kept.name, kept.is_paused, kept.revoked_at) == ("一楼", False, None)
    assert DistrictMap.objects.exists()


@pytest.mark.parametrize("role", [Role.HEADQUARTERS, Role.ADMINISTRATOR])
def test_headquarters_and_administrators_may(role: Role) -> None:
    by = make_person(role)

    display = authorise({"name": "二楼", "expires_on": UNTIL}, by=by).display
    pause_display(display, by=by)
    revoke_display(display, by=by)

    assert DisplayToken.objects.get().revoked_at is not None
