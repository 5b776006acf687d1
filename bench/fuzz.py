"""Requests that mean harm: every address × every kind of person × the texts of tests/nasty.py.

    python3 run.py bench [--quick]        or        .venv/bin/python bench/fuzz.py [--quick] [--seed N]

Half of the requests take a page's own form and spoil up to three of its fields, the rest send whatever
fields exist anywhere. Counted: answers of 500 and above (must be 0), English words that a page says of
itself, and GETs after which the history of the campaign's facts has grown (must be 0). 20 000 requests
on each database, `--quick` 2 000, and never longer than `--minutes` (30). `--sqlite`, `--postgres` for one.
"""

import io
import re
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from html import unescape
from random import Random
from typing import Any

from _forms import Forms
from _place import FILES, PARAMETERS, Place
from _room import on_both, own_database

REQUESTS, QUICK_REQUESTS = 20_000, 2_000
MINUTES = 30.0
SEED = 20230915
LOG_IN_AGAIN = 400
RAW = [
    "as_of=%00", "q=%ff%fe", "page=%", "sort=%25", "&&&=", "q", "q=%u0041", "q=%ED%A0%80",
    "page=1" + "0" * 30,
    "as_of=2023-13-01&as_of=2023-09-01", "sort=user__password", "basis[]=landed", "campaign=%F0%9F%9A%80",
    "page=-1&page=0", "export=xlsx&sort=%00", "export=csv&q=%0d%0a", "export=pdf", ";".join(["a=1"] * 50),
]  # fmt: skip
# In the order of `Place.people`: those who get farther try more.
WEIGHTS = (1, 1, 3, 3, 6, 3, 8, 4, 6)
# What pages say in Latin letters on purpose: file forms, statistics, accounts, codes.
OURS = re.compile(
    r"XH\d{4}-\d+|\b[0-9A-Z]{18}\b|\b[2-9A-HJ-NP-Z]{8}\b|GDP|Excel|Word|Office|CSV|xlsx?|csv|docx|pdf|jpg|jpeg|png|ofd|PDF|OFD|JPG|PNG|MB"
    r"|A4|QR|GET|POST|HEAD|[A-Z2-7]{4}(?: [A-Z2-7]{4})+|TOTP|DOCX|XLSX|USB|Chrome|Safari|Firefox|Edge|Windows"
    r"|Android|iPhone|iPad|Linux|macOS|sha256|[0-9a-f]{16,}|bench\w*|B\d+|\b[a-z]+(?:-[a-z]+)+\b|https?://\S+"
    # A page that was sent without the counts of its rows names them.
    r"|(?:TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS|/[a-z0-9_/.-]+/"
)
ENGLISH = re.compile(r"[A-Za-z]{3,}")
SILENT = re.compile(r"<(script|style|textarea|template|code|option)\b.*?</\1>", re.DOTALL | re.IGNORECASE)


def main(arguments: list[str]) -> int:
    if "--here" not in arguments:
        return on_both(__file__, arguments)
    number = QUICK_REQUESTS if "--quick" in arguments else REQUESTS
    minutes = float(arguments[arguments.index("--minutes") + 1]) if "--minutes" in arguments else MINUTES
    seed = int(arguments[arguments.index("--seed") + 1]) if "--seed" in arguments else SEED
    with own_database() as connection:
        from django.conf import settings

        import tests.nasty

        # The pages' style sheets and slow hashing are not what is looked at here.
        settings.STORAGES["staticfiles"] = {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        }
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        settings.LOGGING_CONFIG = None
        _be_quiet()
        storm = Storm(Random(seed), tests.nasty.NASTY)
        turns = storm.blow(number, time.monotonic() + minutes * 60)
        return storm.report(connection.vendor, turns, number, seed)


def _be_quiet() -> None:
    import logging
    import warnings

    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


class Storm:
    def __init__(self, random: Random, nasty: list[str]) -> None:
        from django.core.signals import got_request_exception

        self.random, self.nasty = random, nasty
        self.place = Place()
        self.clients = {who: self.place.client(who) for who in self.place.people}
        self.fields = ["id", "team", "status", "verified_by", "recognised_wan", "counted", "created_by"]
        self.said = " ".join((*nasty, *self.place.words()))
        self.codes: Counter[int] = Counter()
        self.errors: Counter[str] = Counter()
        self.english: Counter[str] = Counter()
        self.written: Counter[str] = Counter()
        self.stopped = False
        got_request_exception.connect(self._on_error, weak=False)

    def blow(self, number: int, deadline: float) -> int:
        turn = 0
        # Whoever stops it still reads what it has seen.
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "stopped", True))
        while sum(self.codes.values()) < number and time.monotonic() < deadline and not self.stopped:
            self._one(turn)
            turn += 1
            if turn % 2_000 == 0:
                print(f"  {sum(self.codes.values())} requests …", file=sys.stderr, flush=True)
        return turn

    def _one(self, turn: int) -> None:
        who = self.random.choices(list(self.clients), WEIGHTS)[0]
        if turn % LOG_IN_AGAIN == 0:
            self.clients[who] = self.place.client(who)
        client, address = self.clients[who], self._address()
        self.asked = f"{who} {address}"
        if self.random.random() < 0.55:
            self._get(client, address)
        else:
            self._post(client, address)

    def _get(self, client: Any, address: str) -> None:
        if self.random.random() < 0.2:
            self._answer(client, "GET", f"{address}?{self.random.choice(RAW)}", None)
            return
        names = [*self.random.sample(PARAMETERS, 3), self.random.choice(self.fields)]
        query = {name: self._text() for name in self.random.sample(names, self.random.randint(0, 4))}
        self._answer(client, "GET", address, query)

    def _post(self, client: Any, address: str) -> None:
        page = self._answer(client, "GET", address, {})
        forms = Forms()
        with suppress(UnicodeDecodeError):
            forms.feed(page.decode())
        if forms.found and self.random.random() < 0.8:
            action, data = self.random.choice(forms.found)
            self.fields += [name for name in data if name not in self.fields][:20]
            data = {name: self._file() if value is io.BytesIO else value for name, value in data.items()}
            for name in self.random.sample(sorted(data), min(len(data), self.random.randint(0, 3))):
                data[name] = self._file() if self.random.random() < 0.05 else self._text()
            if self.random.random() < 0.3:
                data[self.random.choice(self.fields)] = self._text()
            address = action if action.startswith("/") else address
        else:
            data = {self.random.choice(self.fields): self._text() for _ in range(self.random.randint(0, 6))}
        self._answer(client, "POST", address, data)

    def _back_in(self, client: Any) -> None:
        """Whoever was logged out, disabled or deprived of a role by the storm comes in again."""
        who = next((who for who, held in self.clients.items() if held is client), "anonymous")
        self.clients[who] = self.place.client(who)

    def _answer(self, client: Any, method: str, address: str, data: Any) -> bytes:
        """Sends one request and looks at what comes back."""
        headers = {"User-Agent": self._line()} if self.random.random() < 0.1 else {}
        headers |= {"HX-Request": "true"} if self.random.random() < 0.1 else {}
        headers |= {"Referer": self._line()} if self.random.random() < 0.05 else {}
        watched = method == "GET" and self.random.random() < 0.1
        before = self.place.history() if watched else 0
        send = client.get if method == "GET" else client.post
        try:
            response = send(address, data, headers=headers)
        except UnicodeEncodeError:
            return b""
        self.codes[response.status_code] += 1
        if response.status_code >= 500:
            self.errors[f"{response.status_code} {method} {self.asked}"] += 0
        if response.headers.get("Location", "").startswith(("/login/", "/password/")):
            self._back_in(client)
        content = response.getvalue() if response.streaming else response.content
        response.close()
        if watched and self.place.history() != before:
            self.written[f"{method} {self.asked}"] += 1
        if response.headers.get("Content-Type", "").startswith("text/html"):
            self._read(content, f"{address} {data} {response.headers['X-Request-ID']}")
        return content if isinstance(content, bytes) else b""

    def _read(self, content: bytes, typed: str) -> None:
        text = unescape(re.sub(r"<[^>]*>", " ", SILENT.sub(" ", content.decode())))
        known = f"{typed} {self.said}"
        for word in ENGLISH.findall(OURS.sub(" ", text)):
            if word not in known:
                self.english[f"{word}  {self.asked}"] += 1

    def _on_error(self, sender: Any, request: Any, **more: Any) -> None:
        import traceback

        kind, error, trace = sys.exc_info()
        frames = [frame for frame in traceback.extract_tb(trace) if "/tracker/" in frame.filename]
        where = f"{frames[-1].filename.rpartition('/tracker/')[2]}:{frames[-1].lineno}" if frames else "?"
        last = traceback.extract_tb(trace)[-1]
        name = kind.__name__ if kind else "?"
        self.errors[
            f"{name} {str(error)[:90]!r} in {where} ({last.filename.rpartition('/')[2]}:{last.lineno})"
            f" — {request.method} {self.asked}"
        ] += 1

    def _address(self) -> str:
        pattern, names = self.random.choice(self.place.routes)
        values = {name: self._argument(name) for name in names}
        from urllib.parse import quote

        return "/" + pattern % {name: quote(str(value), safe="") for name, value in values.items()}

    def _argument(self, name: str) -> Any:
        if self.random.random() < 0.75 and name in self.place.known:
            return self.random.choice(self.place.known[name])
        if name in ("pk", "content_type_id"):
            return self.random.choice([0, 1, 2, 10**9, 2**63, 10**30])
        return self._text()[:80] or "x"

    def _text(self) -> str:
        text = self.random.choice(self.nasty)
        if self.random.random() < 0.15:
            text = str(self.random.choice(self.random.choice(list(self.place.known.values()))))
        return text

    def _line(self) -> str:
        return re.sub(r"[^\x20-\x7e]", "", self._text())[:400] or "x"

    def _file(self) -> io.BytesIO:
        content, name = self.random.choice(FILES)
        file = io.BytesIO(content)
        file.name = name if self.random.random() < 0.7 else f"{self._text()[:60]}.{name.rpartition('.')[2]}"
        return file

    def report(self, vendor: str, turns: int, wanted: int, seed: int) -> int:
        faults = sum(count for code, count in self.codes.items() if code >= 500)
        requests = sum(self.codes.values())
        print(
            f"{vendor:10}  {requests} of {wanted} requests ({turns} turns, seed {seed}): "
            f"{faults} × 500, {sum(self.english.values())} English words, "
            f"{sum(self.written.values())} GETs that wrote; {dict(sorted(self.codes.items()))}",
            flush=True,
        )
        for kind in (self.errors, self.english, self.written):
            for words, count in kind.most_common(25):
                print(f"    {count} × {words}", flush=True)
        return int(bool(faults or self.english or self.written))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
