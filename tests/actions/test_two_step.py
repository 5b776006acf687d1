"""The second step, against the codes of a telephone that is written out here."""

import base64
import datetime
import hashlib
import hmac
import struct

import pytest
import time_machine

from tests.people import make_person
from tracker.actions import two_step
from tracker.actions.refusal import Refused
from tracker.actions.sign_ins import Visitor
from tracker.choices import Role
from tracker.models import RecoveryCode, TwoStep, User

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2023, 9, 15, 9, 0, tzinfo=datetime.UTC)
HERE = Visitor("10.1.1.1", "")


def phone(user: User, steps: int = 0) -> str:
    """What an authenticator shows that many half-minutes from NOW (RFC 6238)."""
    secret = base64.b32decode(two_step.secret_of(TwoStep.objects.get(user=user)))
    counter = int(NOW.timestamp()) // 30 + steps
    digest = hmac.new(secret, struct.pack(">Q", counter), hashlib.sha1).digest()
    at = digest[19] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


@pytest.fixture(autouse=True)
def _stopped() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def user() -> User:
    return make_person(Role.HEADQUARTERS, username="zhihuibu")


@pytest.fixture
def codes(user: User) -> list[str]:
    """The second step is on, since the half-minute before the last."""
    two_step.start(user)
    return two_step.turn_on(user, phone(user, -1), HERE)


def test_the_first_code_turns_it_on_with_a_record(user: User) -> None:
    two_step.start(user)
    assert two_step.confirmed(user) is None

    codes = two_step.turn_on(user, phone(user), HERE)

    assert two_step.confirmed(user) is not None
    assert len(set(codes)) == 10
    assert user.history.first().history_change_reason == "开启两步验证"


def test_a_wrong_first_code_turns_nothing_on(user: User) -> None:
    two_step.start(user)

    with pytest.raises(Refused, match="验证码不对"):
        two_step.turn_on(user, phone(user, 5), HERE)

    assert two_step.confirmed(user) is None


def test_one_step_of_drift_either_way_is_taken_and_no_more(user: User, codes: list[str]) -> None:
    for steps in (-3, -2, 2, 3):
        with pytest.raises(Refused, match="验证码不对"):
            two_step.check_code(user, phone(user, steps), HERE)
    TwoStep.objects.update(failures=0)

    two_step.check_code(user, phone(user, 0), HERE)
    two_step.check_code(user, phone(user, 1), HERE)


def test_a_code_is_taken_once(user: User, codes: list[str]) -> None:
    two_step.check_code(user, phone(user), HERE)

    with pytest.raises(Refused, match="已经用过"):
        two_step.check_code(user, phone(user), HERE)


def test_a_code_of_before_the_last_one_taken_is_refused(user: User, codes: list[str]) -> None:
    two_step.check_code(user, phone(user, 1), HERE)

    with pytest.raises(Refused, match="验证码不对"):
        two_step.check_code(user, phone(user, 0), HERE)


def test_five_wrong_codes_lock_even_the_right_one(user: User, codes: list[str]) -> None:
    for _ in range(5):
        with pytest.raises(Refused, match="验证码不对"):
            two_step.check_code(user, "no", HERE)

    with pytest.raises(Refused, match="30 分钟后再试"):
        two_step.check_code(user, phone(user), HERE)
    with pytest.raises(Refused, match="30 分钟后再试"):
        two_step.check_code(user, codes[0], HERE)
    with time_machine.travel(NOW + datetime.timedelta(minutes=30), tick=False):
        two_step.check_code(user, phone(user, 60), HERE)


def test_a_recovery_code_works_once_however_it_is_typed(user: User, codes: list[str]) -> None:
    two_step.check_code(user, f" {codes[0].upper().replace('-', ' ')} ", HERE)

    with pytest.raises(Refused, match="验证码不对"):
        two_step.check_code(user, codes[0], HERE)
    assert two_step.codes_left(TwoStep.objects.get()) == 9


def test_recovery_codes_are_kept_as_hashes(codes: list[str]) -> None:
    kept = set(RecoveryCode.objects.values_list("hashed", flat=True))

    assert kept.isdisjoint({*codes, *(code.replace("-", "") for code in codes)})
    assert len(kept) == 10


def test_new_recovery_codes_void_the_old(user: User, codes: list[str]) -> None:
    fresh = two_step.renew_codes(user, phone(user), HERE)

    with pytest.raises(Refused):
        two_step.check_code(user, codes[0], HERE)
    two_step.check_code(user, fresh[0], HERE)


def test_it_is_turned_off_with_a_code_and_a_record(user: User, codes: list[str]) -> None:
    with pytest.raises(Refused):
        two_step.turn_off(user, "000000", HERE)
    assert two_step.confirmed(user) is not None

    two_step.turn_off(user, phone(user), HERE)

    assert not TwoStep.objects.exists()
    assert user.history.first().history_change_reason == "关闭两步验证"


def test_an_administrator_takes_it_off_for_others_alone(user: User, codes: list[str]) -> None:
    by = make_person(Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="要填验证码"):
        two_step.take_off(user, by=user)

    two_step.take_off(user, by=by)

    entry = user.history.first()
    assert (entry.history_user, entry.history_change_reason) == (by, "关闭两步验证")
    with pytest.raises(Refused, match="没有开启"):
        two_step.take_off(user, by=by)


def test_a_secret_is_not_replaced_while_it_is_on(user: User, codes: list[str]) -> None:
    with pytest.raises(Refused, match="已经开启"):
        two_step.start(user)


def test_the_secret_is_not_in_the_database(user: User, codes: list[str]) -> None:
    row = TwoStep.objects.values().get()

    assert two_step.secret_of(TwoStep.objects.get()) not in str(row)
