"""Reads a ledger into a campaign: all rows or none."""

import contextlib
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tracker import clock
from tracker.actions.ledger import Fault, Order, Plan, import_rows, plan_rows
from tracker.actions.refusal import Refused
from tracker.management.base import CampaignCommand
from tracker.models import Campaign, User
from tracker.sheets.ledger.columns import LedgerResource
from tracker.sheets.ledger.faulty import write_faulty_copy
from tracker.sheets.ledger.reading import OPERATED, ReadLedger, read_ledger
from tracker.sheets.reading import Unreadable


class Command(CampaignCommand):
    help = "读入项目台账（.xlsx 或 .csv）：要么全部写入，要么一行都不写。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="文件", type=Path, help="台账，.xlsx 或 .csv")
        parser.add_argument("--by", metavar="账号", help="记在谁的名下；不写即服务器管理员")
        parser.add_argument(
            "--verified", action="store_true", help="节点按已认定导入，认定人空，记为命令行导入"
        )
        parser.add_argument("--allow-large", action="store_true", help="已核对，超过 200 亿元的金额属实")
        parser.add_argument("--ignore-unknown", action="store_true", help="忽略不认识的列")
        parser.add_argument("--dry-run", action="store_true", help="只核对，不写入")
        parser.add_argument("--errors", metavar="副本.xlsx", type=Path, help="有错时另存一份标好颜色的副本")

    def handle(self, **options: Any) -> None:
        path, copy = _readable(options["file"]), options["errors"]
        if copy is not None:
            _check_copy(copy, path)
        campaign = self.campaign(options["campaign"])
        ledger = LedgerResource(campaign)
        order = Order(
            campaign=campaign,
            today=clock.today(),
            by=_account(options["by"]),
            verified=options["verified"],
            allow_large=options["allow_large"],
            source=f"命令行导入 sha256:{_sha256(path)}",
            as_read=ledger.as_read,
        )
        try:
            read = read_ledger(
                path,
                ledger,
                bounds=OPERATED,
                ignore_unknown=options["ignore_unknown"],
                verified=options["verified"],
            )
        except Unreadable as unreadable:
            raise CommandError(str(unreadable)) from None
        plan = self._plan(read, order, write=not options["dry_run"])
        faults = [*read.faults, *plan.faults]
        if faults:
            self._refuse_faults(faults, ledger, path, read, copy)
        self._tell(plan, read, campaign, dry_run=options["dry_run"])

    def _plan(self, read: ReadLedger, order: Order, *, write: bool) -> Plan:
        if read.faults or not write:
            return plan_rows(read.rows, order)
        try:
            return import_rows(read.rows, order)
        except Refused as refused:
            raise CommandError(refused.message) from None

    def _refuse_faults(
        self,
        faults: Sequence[Fault],
        ledger: LedgerResource,
        path: Path,
        read: ReadLedger,
        copy: Path | None,
    ) -> None:
        ordered = sorted(faults, key=lambda fault: fault.row)
        for fault in ordered:
            label = ledger.label(fault.key) if fault.key in ledger.fields else fault.key
            parts = [f"第 {fault.row} 行", label, f"“{fault.value}”" if fault.value else "", fault.reason]
            self.stderr.write("　".join(part for part in parts if part))
        line = f"共 {len(ordered)} 处错，什么都没有写入"
        if copy is not None:
            _write_copy(copy, path, ordered, ledger, read)
            line += f"；标好颜色的副本：{copy}"
        raise CommandError(line)

    def _tell(self, plan: Plan, read: ReadLedger, campaign: Campaign, *, dry_run: bool) -> None:
        self.stdout.write(f"新增 {plan.new}，更正 {plan.changed}，未变 {plan.unchanged}")
        for note in read.notes:
            self.stdout.write(note)
        for number, words in plan.warnings:
            self.stdout.write(f"提醒　第 {number} 行　{words}")
        written = "已写入" if plan.new or plan.changed else "没有要写的，仍是"
        self.stdout.write("只核对，没有写入" if dry_run else f"{written} {campaign.code}")


def _readable(path: Path) -> Path:
    if os.path.isdir(path):
        raise CommandError(f"“{path}”是文件夹，要一份 .xlsx 或 .csv 文件")
    # Unlike the path's own method this takes a name that is too long for one that is not there.
    if not os.path.isfile(path):
        raise CommandError(f"没有“{path}”这份文件")
    if not os.access(path, os.R_OK):
        raise CommandError(f"“{path}”没有读取的权限")
    return path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _account(username: str | None) -> User | None:
    if username is None:
        return None
    found = User.objects.filter(username=username).first()
    if found is None:
        raise CommandError(f"没有账号“{username}”")
    return found


def _check_copy(copy: Path, path: Path) -> None:
    """Before anything is read: a copy must never be written over the file itself."""
    if copy.suffix.lower() != ".xlsx":
        raise CommandError("副本的文件名要以 .xlsx 结尾", returncode=2)
    if os.path.exists(copy) and os.path.samefile(copy, path):
        raise CommandError("副本不能写在台账自己上面，换个文件名", returncode=2)


def _write_copy(
    target: Path, path: Path, faults: Sequence[Fault], ledger: LedgerResource, read: ReadLedger
) -> None:
    draft = target.with_name(f".{target.name}.part")
    try:
        with draft.open("wb") as file:
            write_faulty_copy(file, path, faults, ledger, keys=read.keys, bounds=OPERATED)
        draft.replace(target)
    except OSError:
        raise CommandError(f"副本写不到“{target}”：没有这个文件夹，或没有写的权限") from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
