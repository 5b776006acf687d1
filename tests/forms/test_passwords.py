import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.factories import UserFactory
from tracker.actions.accounts import change_own_password
from tracker.forms.passwords import KindsOfSigns, NotUsedLately
from tracker.models import PastPassword

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "password", ["zhaoshang2023", "ZHAOSHANG-XIN", "招商作战队伍新会江门区", "12345-67890"]
)
def test_too_few_kinds_of_signs_are_refused(password: str) -> None:
    with pytest.raises(ValidationError, match="至少要有 3 种"):
        KindsOfSigns(3).validate(password)


@pytest.mark.parametrize("password", ["Zhaoshang2023", "zhaoshang-2023", "Zhaoshang-xin", "招商zuozhan2023"])
def test_three_kinds_are_enough(password: str) -> None:
    KindsOfSigns(3).validate(password)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("Zs-2023", "10"),
        ("1234567890", "数字"),
        ("liangmin-A1", "相似"),
        ("OuyangXiaotong-7", "姓名"),
        ("Password123", "常见"),
    ],
)
def test_the_rules_of_the_product_speak_chinese(password: str, words: str) -> None:
    user = UserFactory(username="liangmin", name="OuyangXiaotong")

    with pytest.raises(ValidationError) as refusal:
        validate_password(password, user)

    said = "".join(refusal.value.messages)
    assert words in said
    assert not any(sign.isascii() and sign.isalpha() for sign in said)


def test_the_password_of_now_and_the_last_three_do_not_come_back() -> None:
    user = UserFactory()
    for number in range(1, 6):
        change_own_password(user, f"Zhao-shang-{number}")

    for number in (3, 4, 5):
        with pytest.raises(ValidationError, match="最近 3 次"):
            NotUsedLately(3).validate(f"Zhao-shang-{number}", user)
    NotUsedLately(3).validate("Zhao-shang-2", user)
    NotUsedLately(0).validate("Zhao-shang-5", user)


def test_no_more_than_the_last_24_are_kept() -> None:
    user = UserFactory()
    for number in range(26):
        change_own_password(user, f"Zhao-shang-{number}")

    assert PastPassword.objects.filter(user=user).count() == 24
