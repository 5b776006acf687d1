"""Reads the settings that come from the environment; a bad value ends the start with one line."""

import datetime as dt
import ipaddress
import os
import secrets
import zoneinfo
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import environ

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
SWITCH = {
    "1": True,
    "true": True,
    "on": True,
    "yes": True,
    "0": False,
    "false": False,
    "off": False,
    "no": False,
}

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def stop(name: str, advice: str) -> NoReturn:
    """Values are not repeated: they may hold passwords, and this line may end up in a log."""
    raise SystemExit(f"环境变量 {name} 的值无效：{advice}")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def switch(name: str) -> bool:
    value = text(name, "off").lower()
    if value not in SWITCH:
        stop(name, "请设为 on 或 off")
    return SWITCH[value]


def whole(name: str, default: int, lowest: int, highest: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not lowest <= int(value[:9]) <= highest:
        stop(name, f"请设为 {lowest} 至 {highest} 的整数")
    return int(value)


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def day(name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text(name)) if text(name) else None
    except ValueError:
        stop(name, "请设为日期，例如 2023-09-15")


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        zoneinfo.ZoneInfo(value)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        stop(name, "请设为时区名称，例如 Asia/Shanghai")
    return value


def site_url(name: str) -> str:
    value = text(name, "http://127.0.0.1:8000").rstrip("/")
    try:
        parts = urlsplit(value)
        wrong = parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0
    except ValueError:
        wrong = True
    if wrong or f"{parts.scheme}://{parts.netloc}" != value or "@" in value:
        stop(name, "请设为 http:// 或 https:// 开头、不带路径的网址，例如 https://zs.example.gov.cn")
    return value


def host(url: str) -> str:
    name = urlsplit(url).hostname or ""
    return f"[{name}]" if ":" in name else name


def networks(name: str) -> list[Network]:
    try:
        return [ipaddress.ip_network(word) for word in words(name)]
    except ValueError:
        stop(name, "请设为代理服务器的地址或网段，用逗号分隔，例如 10.0.0.5,10.1.0.0/16")


def database(name: str, default: str, base: Path) -> dict[str, Any]:
    url = text(name, default)
    advice = "请设为 sqlite:////绝对路径 或 postgres://用户:密码@主机:端口/库名"
    if not url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        stop(name, advice)
    try:
        config: dict[str, Any] = environ.Env.db_url_config(url)
    except (ValueError, TypeError):
        stop(name, advice)
    if config["NAME"] in ("", ":memory:"):
        stop(name, advice)
    return _sqlite(name, config, base) if url.startswith("sqlite") else _postgres(config)


def _sqlite(name: str, config: dict[str, Any], base: Path) -> dict[str, Any]:
    path = base / config["NAME"]
    if not path.parent.is_dir() or path.is_dir():
        stop(name, "SQLite 文件所在的文件夹不存在，请先建好文件夹或改用其他路径")
    return config | {"ENGINE": "tracker.sqlite3", "NAME": path, "OPTIONS": SQLITE_OPTIONS}


def _postgres(config: dict[str, Any]) -> dict[str, Any]:
    pool = {"min_size": 1, "max_size": 12, "timeout": 10}
    options = {"connect_timeout": 5, **config.get("OPTIONS", {}), "pool": pool}
    return config | {"OPTIONS": options, "CONN_HEALTH_CHECKS": True}


def cache(name: str) -> dict[str, Any]:
    url = text(name)
    if not url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if not url.startswith(("redis://", "rediss://")) or not urlsplit(url).hostname:
        stop(name, "请设为 redis://主机:端口/库号，或不设置")
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}


def secret_key(name: str, path: Path) -> str:
    """The key of the environment, else one made on the first run and kept for this user alone."""
    value = text(name)
    if value:
        return value if len(value) >= 32 else stop(name, "请设为至少 32 个字符的随机字符串，或不设置")
    try:
        return _kept_key(path)
    except OSError:
        stop(name, f"无法读写密钥文件 {path}，请设置 SECRET_KEY")


def _kept_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        _place(draft, path)
    return path.read_text().strip() or stop("SECRET_KEY", f"密钥文件 {path} 为空，请删除它或设置 SECRET_KEY")


def _place(draft: Path, path: Path) -> None:
    """Several processes may start at once: the first one's key stays."""
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
