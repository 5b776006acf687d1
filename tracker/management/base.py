"""What the commands share: every line in Chinese, one line for a wrong argument, no traceback."""

import argparse
import datetime
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser, DjangoHelpFormatter
from django.db import DatabaseError, connections

from tracker import clock
from tracker.models import Campaign
from tracker.models.base import EARLIEST_DAY, LATEST_DAY

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# argparse's own sentences: it offers no other way to have them in another language.
_FAULTS = (
    (re.compile(r"unrecognized arguments: (.*)"), r"不认识的参数：\1"),
    (re.compile(r"the following arguments are required: (.*)"), r"缺少参数：\1"),
    (re.compile(r"one of the arguments (.*) is required"), r"缺少参数，须有其一：\1"),
    (re.compile(r"argument (\S+): expected one argument"), r"参数 \1 后面要有一个值"),
    (re.compile(r"argument (\S+): expected .*"), r"参数 \1 后面的值个数不对"),
    (
        re.compile(r"argument (\S+): invalid choice: (.*) \(choose from (.*)\)"),
        r"参数 \1 没有 \2 这个值，可用：\3",
    ),
    (re.compile(r"argument (\S+): invalid .* value: (.*)"), r"参数 \1 的值 \2 不对"),
    (re.compile(r"argument (\S+): not allowed with argument (.*)"), r"参数 \1 不能与 \2 同用"),
    (re.compile(r"argument (\S+): ignored explicit argument (.*)"), r"参数 \1 不带值，多了 \2"),
    (re.compile(r"ambiguous option: (\S+) could match (.*)"), r"参数 \1 不明确，可能是 \2"),
    (re.compile(r"argument (\S+): (.*)"), r"参数 \1：\2"),
)


class Formatter(DjangoHelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(CommandParser):
    """Says what is wrong with the arguments in one Chinese line, exit status 2."""

    def error(self, message: str) -> NoReturn:
        line = in_chinese(message)
        if not self.called_from_command_line:
            raise CommandError(line, returncode=2)
        self.exit(2, f"{line}（-h 查看用法）\n")


def in_chinese(message: str) -> str:
    flat = " ".join(message.split())
    for pattern, wording in _FAULTS:
        if pattern.fullmatch(flat):
            return pattern.sub(wording, flat)
    return "参数不对"


class Command(BaseCommand):
    """A command of this project: refusals are one line on standard error, with their exit status."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Parser:
        parser = Parser(
            prog=f"{prog_name.rsplit('/', 1)[-1]} {subcommand}",
            description=self.help,
            formatter_class=Formatter,
            called_from_command_line=getattr(self, "_called_from_command_line", False),
            add_help=False,
            allow_abbrev=False,
            **kwargs,
        )
        self._add_common_arguments(parser.add_argument_group("通用选项"))
        self.add_arguments(parser)
        return parser

    def _add_common_arguments(self, group: argparse._ArgumentGroup) -> None:
        group.add_argument("-h", "--help", action="help", help="显示用法")
        group.add_argument("--version", action="version", version=self.get_version(), help="显示 Django 版本")
        group.add_argument(
            "-v", "--verbosity", type=int, choices=[0, 1, 2, 3], default=1, help="输出多少：0 最少，3 最多"
        )
        group.add_argument("--settings", metavar="模块", help="设置模块")
        group.add_argument("--pythonpath", metavar="目录", help="加入 Python 搜索路径的目录")
        group.add_argument("--traceback", action="store_true", help="出错时给出调用栈")
        group.add_argument("--no-color", action="store_true", help="输出不带颜色")
        group.add_argument("--force-color", action="store_true", help="输出总带颜色")
        group.add_argument("--skip-checks", action="store_true", help="跳过系统检查")

    def run_from_argv(self, argv: list[str]) -> None:
        """As Django's own, but a refusal stands alone on its line, without an English class name."""
        self._called_from_command_line = True
        options = vars(self.create_parser(argv[0], argv[1]).parse_args(argv[2:]))
        try:
            self.execute(**options)
        except CommandError as refusal:
            self._refuse(refusal, str(refusal), refusal.returncode, options)
        except DatabaseError as fault:
            self._refuse(fault, "数据库连不上或还没有建表：先运行 manage.py migrate", 1, options)
        finally:
            connections.close_all()

    def _refuse(self, fault: Exception, line: str, status: int, options: dict[str, Any]) -> NoReturn:
        if options["traceback"]:
            raise fault
        self.stderr.write(line)
        sys.exit(status)


class CampaignCommand(Command):
    """A command about one campaign: `--campaign`, left out, means the current one."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--campaign", metavar="代码", help="招商年度的代码；不写即当前年度")

    def campaign(self, code: str | None) -> Campaign:
        wanted = {"code": code} if code is not None else {"is_current": True}
        found = Campaign.objects.filter(**wanted).first()
        if found is None and code is not None:
            raise CommandError(f"没有代码为“{code}”的招商年度")
        if found is None:
            raise CommandError("没有当前年度：用 --campaign 指明，或先运行 seed")
        return found


class DayCommand(CampaignCommand):
    """A command about one campaign on one day: `--as-of`, left out, means today."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--as-of", type=day, metavar="年-月-日", help="数据日；不写即今天")

    def as_of(self, day: datetime.date | None) -> datetime.date:
        return day or clock.today()


def day(text: str) -> datetime.date:
    try:
        found = datetime.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not EARLIEST_DAY <= found <= LATEST_DAY:
        raise argparse.ArgumentTypeError(f"没有“{text}”这一天，写成 2023-06-30 这样")
    return found
