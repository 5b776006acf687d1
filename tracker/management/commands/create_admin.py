"""Makes the first two accounts: one that manages accounts, one that leads the campaign."""

from typing import Any

from tracker.actions.accounts import open_account
from tracker.choices import Role
from tracker.management.base import Command as Base

ACCOUNTS = (("admin", "系统管理员", Role.ADMINISTRATOR), ("zhihuibu", "指挥部", Role.HEADQUARTERS))


class Command(Base):
    help = "建一个系统管理员账号和一个指挥部账号，显示一次性密码。已有的账号不动，不重设密码。"

    def handle(self, **options: Any) -> None:
        for username, name, role in ACCOUNTS:
            password = open_account(username, name, role)
            if password is None:
                self.stdout.write(f"{name}账号 {username} 已有，密码未动")
            else:
                self.stdout.write(f"{name}账号 {username}　一次性密码 {password}　首次登录须改密码")
