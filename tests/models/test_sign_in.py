import pytest
from django.utils import timezone

from tests.factories import UserFactory
from tests.models.refusals import assert_refused
from tracker.models import SignIn

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("ended", "why"), [(True, ""), (False, "idle")])
def test_sign_in_end_has_reason(ended: bool, why: str) -> None:
    now = timezone.now()
    row = SignIn(
        user=UserFactory(),
        key_hash="0" * 40,
        started_at=now,
        last_seen_at=now,
        ended_at=now if ended else None,
        why=why,
    )

    assert_refused(row, "sign_in_end_has_reason", "结束的登录要写明原因，没结束的不写。")
