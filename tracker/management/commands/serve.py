"""Brings the database up to date and serves it: what `python3 run.py` runs once everything is installed."""

from typing import Any

import waitress
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.core.wsgi import get_wsgi_application

from tracker.management.base import Command as Base
from tracker.models import Campaign, User
from tracker.proxies import BehindProxies

THREADS = 8


class Command(Base):
    help = "升级数据库并启动服务"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="监听的地址，默认只限本机")
        parser.add_argument("--port", type=int, default=8000, help="端口，默认 8000")
        parser.add_argument("--demo", action="store_true", help="装入演示数据")

    def handle(self, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if options["demo"]:
            call_command("demo", stdout=self.stdout)
        elif not Campaign.objects.exists():
            call_command("seed", stdout=self.stderr)
        self.serve(options["host"], options["port"])

    def serve(self, host: str, port: int) -> None:
        application = BehindProxies(get_wsgi_application(), settings.TRUSTED_PROXIES)
        try:
            server = waitress.create_server(
                application,
                host=host,
                port=port,
                threads=THREADS,
                ident=None,
                clear_untrusted_proxy_headers=False,
            )
        except OSError:
            raise CommandError(f"{host}:{port} 无法使用，请用 --port 换一个") from None
        self.announce(host, port)
        server.run()

    def announce(self, host: str, port: int) -> None:
        shown = f"[{host}]" if ":" in host else host
        self.stdout.write(f"招商作战：http://{shown}:{port}/（按 Ctrl-C 停止）")
        if shown not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
            self.stdout.write("他人访问前，请在 ALLOWED_HOSTS 中写明本机的域名或地址")
        if not User.objects.exists():
            self.stdout.write("还没有账号，请另开一个窗口运行：python3 run.py admin")
        self.stdout.flush()
