"""两步验证: turned on with a code of one's own telephone, asked for at each log-in, turned off with a code.

Codes are RFC 6238's: six figures, thirty seconds, one step either way for clocks that differ.
"""

import base64
import datetime
import hashlib
import secrets
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP

from tracker.models import RecoveryCode, TwoStep, User

from . import sign_ins
from .recording import save
from .refusal import Refused
from .sign_ins import Visitor

DRIFT = 1
CODES = 10
# Without the letters and figures that people mistake for one another on paper.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def confirmed(user: User) -> TwoStep | None:
    """The second step that an account's log-ins ask for, where it is on."""
    return TwoStep.objects.filter(user=user, confirmed_at__isnull=False).first()


def start(user: User) -> TwoStep:
    """A new secret, good for nothing until a code confirms it."""
    if confirmed(user) is not None:
        raise Refused("两步验证已经开启。")
    facts = {"salt": secrets.token_hex(16), "last_step": 0, "failures": 0}
    return TwoStep.objects.update_or_create(user=user, defaults=facts)[0]


def secret_of(two_step: TwoStep) -> str:
    """What an authenticator is given, in base 32."""
    return base64.b32encode(_key(two_step)).decode()


def address_of(two_step: TwoStep) -> str:
    """The same as an address, for a picture that a telephone reads."""
    issuer = "招商作战"
    label = quote(f"{issuer}:{two_step.user.username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret_of(two_step), 'issuer': issuer})}"


def turn_on(user: User, code: str, visitor: Visitor) -> list[str]:
    """Confirm the secret by its first code; the recovery codes, which nobody can read again."""
    two_step = TwoStep.objects.filter(user=user, confirmed_at=None).first()
    if two_step is None:
        raise Refused("先生成密钥，再填验证码。")
    _check(two_step, code, visitor, recovery=False)
    with transaction.atomic():
        now = timezone.now()
        if not TwoStep.objects.filter(pk=two_step.pk, confirmed_at=None).update(confirmed_at=now):
            raise Refused("两步验证已经开启。")
        _note(user, user, "开启两步验证")
        return _new_codes(two_step)


def check_code(user: User, code: str, visitor: Visitor) -> None:
    """Take a code of the telephone or a recovery code, each of them once; raises Refused."""
    two_step = confirmed(user)
    if two_step is None:
        raise Refused("两步验证没有开启。")
    _check(two_step, code, visitor)


def turn_off(user: User, code: str, visitor: Visitor) -> None:
    """关闭 by the person, who proves it by a code."""
    check_code(user, code, visitor)
    with transaction.atomic():
        TwoStep.objects.filter(user=user).delete()
        _note(user, user, "关闭两步验证")


def take_off(user: User, *, by: User) -> None:
    """关闭 by an administrator, for somebody whose telephone is lost."""
    if by.pk == user.pk:
        raise Refused("自己的两步验证在两步验证页关闭，要填验证码。")
    with transaction.atomic():
        if not TwoStep.objects.filter(user=user, confirmed_at__isnull=False).delete()[0]:
            raise Refused("两步验证没有开启。")
        _note(user, by, "关闭两步验证")


def renew_codes(user: User, code: str, visitor: Visitor) -> list[str]:
    """Ten fresh recovery codes; those of before are void."""
    check_code(user, code, visitor)
    with transaction.atomic():
        _note(user, user, "重新生成备用码")
        return _new_codes(TwoStep.objects.get(user=user))


def codes_left(two_step: TwoStep) -> int:
    return two_step.codes.filter(used_at=None).count()


def _key(two_step: TwoStep) -> bytes:
    return salted_hmac("tracker.two_step", two_step.salt, algorithm="sha256").digest()[:20]


def _check(two_step: TwoStep, code: str, visitor: Visitor, *, recovery: bool = True) -> None:
    _take_try(two_step)
    taken = _take_code(two_step, code) or (recovery and _take_recovery(two_step, code))
    if not taken:
        sign_ins.code_failed(two_step.user, visitor)
        raise Refused("验证码不对，或者已经用过：等下一个再填。", "code")
    TwoStep.objects.filter(pk=two_step.pk).update(failures=0)


def _take_try(two_step: TwoStep) -> None:
    # Counted before the code is looked at: who asks many times at once has no more tries.
    now = timezone.now()
    over = Q(last_failed_at__lte=now - datetime.timedelta(minutes=settings.LOCK_MINUTES))
    row = TwoStep.objects.filter(pk=two_step.pk)
    row.filter(over).update(failures=0)
    allowed = row.filter(failures__lt=settings.LOCK_TRIES)
    if not allowed.update(failures=F("failures") + 1, last_failed_at=now):
        raise Refused(f"验证码连错 {settings.LOCK_TRIES} 次，{settings.LOCK_MINUTES} 分钟后再试。")


def _take_code(two_step: TwoStep, code: str) -> bool:
    figures = "".join(code.split())
    if not (figures.isascii() and figures.isdigit() and len(figures) == 6):
        return False
    totp = TOTP(_key(two_step))
    totp.time = timezone.now().timestamp()
    if not totp.verify(int(figures), tolerance=DRIFT, min_t=two_step.last_step + 1):
        return False
    # Two requests with one code: the first has it.
    step = totp.t()
    return bool(TwoStep.objects.filter(pk=two_step.pk, last_step__lt=step).update(last_step=step))


def _take_recovery(two_step: TwoStep, code: str) -> bool:
    free = two_step.codes.filter(hashed=_hashed(two_step, code), used_at=None)
    return bool(free.update(used_at=timezone.now()))


def _new_codes(two_step: TwoStep) -> list[str]:
    codes = [
        "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4)) for _ in range(CODES)
    ]
    two_step.codes.all().delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(two_step=two_step, hashed=_hashed(two_step, code)) for code in codes
    )
    return codes


def _hashed(two_step: TwoStep, code: str) -> str:
    # Of some 79 random bits a quick hash is enough.
    plain = code.strip().lower().replace("-", "").replace(" ", "")
    return hashlib.sha256(f"{two_step.user_id} {plain}".encode()).hexdigest()


def _note(user: User, by: User, what: str) -> None:
    save(User.objects.select_for_update().get(pk=user.pk), by, what)
    sign_ins.two_step_changed(user, by, what)
