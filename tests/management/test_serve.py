"""What `serve` does before it serves, and what it says."""

import socket
from io import StringIO
from typing import Any

import pytest
import waitress
from django.core.management import call_command
from django.core.management.base import CommandError

from tracker.models import Campaign, Project, User

pytestmark = pytest.mark.django_db


class Server:
    def run(self) -> None:
        """Ends at once."""


def serve(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[str, dict[str, Any]]:
    given: dict[str, Any] = {}

    def create_server(application: Any, **options: Any) -> Server:
        given.update(options)
        return Server()

    monkeypatch.setattr(waitress, "create_server", create_server)
    out = StringIO()
    call_command("serve", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue(), given


def test_an_empty_database_is_seeded_and_the_way_to_an_account_told(monkeypatch: pytest.MonkeyPatch) -> None:
    Campaign.objects.all().delete()

    said, server = serve(monkeypatch, "--port", "8123")

    assert [campaign.code for campaign in Campaign.objects.all()] == ["xinhui-2023"]
    assert said.splitlines() == [
        "招商作战：http://127.0.0.1:8123/（按 Ctrl-C 停止）",
        "还没有账号，请另开一个窗口运行：python3 run.py admin",
    ]
    assert (server["host"], server["port"]) == ("127.0.0.1", 8123)


def test_a_campaign_of_ones_own_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch)
    Campaign.objects.update(code="another")
    User.objects.create_user("ling")

    said, _ = serve(monkeypatch)

    assert [campaign.code for campaign in Campaign.objects.all()] == ["another"]
    assert not Project.objects.exists()
    assert "run.py admin" not in said


def test_a_host_that_is_not_allowed_yet_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    said, _ = serve(monkeypatch, "--host", "0.0.0.0")

    assert "ALLOWED_HOSTS" in said


def test_a_port_in_use_is_refused_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(CommandError, match=f"127.0.0.1:{port} 无法使用，请用 --port 换一个"):
            call_command("serve", "--port", port, stderr=StringIO())
