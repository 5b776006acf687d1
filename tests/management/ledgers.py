"""Random ledgers, as the database may hold them: also texts that no form would have let in."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from tests.factories import BrigadeFactory, IndustryChainFactory, PlaceFactory, TeamFactory
from tracker.choices import (
    AgreementKind,
    Channel,
    MilestoneKind,
    Ownership,
    ProjectKind,
    ProjectState,
    TeamKind,
    VerificationStatus,
)
from tracker.models import Campaign, Credit, Enterprise, Milestone, PlannedStep, Project, Team

NASTY = (
    "=1+1",
    "+86 750 6612345",
    "-5",
    "@SUM(A1)",
    "'=1",
    "''@x",
    "'quoted'",
    '"双"引号"',
    '="0012"',
    "00123",
    "1e5",
    "TRUE",
    "NULL",
    "#N/A",
    "2023-02-23",
    "3.5亿",
    "１２３４",
    "ＡＢＣ　ｘ",
    "𰻞𰻞面馆",
    "龘靐齉",
    "😀👨‍👩‍👧项目",
    "e\u0301te\u0301",
    "Å",
    " 前后 空格 ",
    "零\u200b宽",
    "\u202e反向\u202c",
    "\ufeff标记",
    "竖\x0b线",
    "制\t表",
    "换\n行",
    "回\r\n车",
    "_x0041_",
    "_x000D_x",
    "<img onerror>",
    "</script>",
    "a;b，c、d：e",
    "合计",
    "注：说明",
    "序号",
    "示例",
    "%00",
    "\\n",
    "a" * 40,
    "省略…",
    "NaN",
    "0",
)
WORDS = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.sampled_from("甲乙=+-@'\";,：、\n\t 　１a0_x#％．😀𰻞\u200b\u3000"), max_size=12),
)
# A name has something to be seen; the rest of it is anything.
NAMES = st.builds("{}项{}".format, WORDS.map(lambda text: text[:18]), WORDS.map(lambda text: text[:18]))
WAN = st.one_of(st.none(), st.integers(0, 100_000_000))
DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2023, 9, 15))
CODES = ("91440705MA4UXXXX4X", "91440705MA4UYYYY6R", "91440705MA4W00004U")
TEAM_NAMES = ("会城分队", "甲、乙：丙；丁分队", "会城", "=司前", "120:30", "３号 分队", "乙配合")


@dataclass(frozen=True)
class Stage:
    """What ledgers refer to: awkwardly named teams of a year, and one of another."""

    campaign: Campaign
    teams: Sequence[Team]
    service: Team
    elsewhere: Team
    chains: Sequence[Any]
    places: Sequence[Any]


def make_stage() -> Stage:
    brigade = BrigadeFactory(campaign__is_current=True)
    places = [PlaceFactory(), PlaceFactory(name="一：二")]
    teams = [
        TeamFactory(
            brigade=brigade,
            name=name,
            code=f"t{number}",
            # The second one's short name is the third one's name.
            short_name=TEAM_NAMES[number + 1] if number == 1 else f"短{number}",
            kind=TeamKind.TOWN if number % 2 else TeamKind.CHAIN,
            place=places[number % 2] if number % 2 else None,
        )
        for number, name in enumerate(TEAM_NAMES)
    ]
    service = TeamFactory(brigade=brigade, kind=TeamKind.SERVICE)
    chains = [IndustryChainFactory(), IndustryChainFactory(name="=链、条")]
    return Stage(brigade.campaign, teams, service, TeamFactory(name="会城分队"), chains, places)


@st.composite
def ledgers(draw: Any, verified: bool) -> dict[str, Any]:
    """Plain values of one to four projects of one to three enterprises."""
    investors = draw(st.lists(investor(), min_size=1, max_size=3))
    projects = [draw(project(verified=verified)) for _ in range(draw(st.integers(1, 4)))]
    return {"investors": investors, "projects": projects}


def investor() -> Any:
    return st.fixed_dictionaries(
        {
            "name": NAMES,
            "coded": st.booleans(),
            "origin": WORDS,
            "ownership": st.sampled_from(["", *Ownership.values]),
        }
    )


def project(*, verified: bool) -> Any:
    statuses = [VerificationStatus.VERIFIED] if verified else VerificationStatus.values
    steps = st.dictionaries(
        st.sampled_from(MilestoneKind.values),
        st.tuples(DAYS, st.sampled_from(statuses), st.integers(0, 100), st.booleans()),
        max_size=5,
    )
    facts = {
        "name": NAMES,
        "public_name": st.one_of(st.just(""), NAMES),
        "is_confidential": st.booleans(),
        "kind": st.sampled_from(ProjectKind.values),
        "agreement": st.sampled_from(AgreementKind.values),
        "channel": st.sampled_from(["", *Channel.values]),
        "investment_wan": st.integers(1, 100_000_000),
        "fixed_investment_wan": WAN,
        "output_wan": WAN,
        "tax_wan": WAN,
        "land_mu": st.one_of(st.none(), st.decimals(0, 9_999_999, places=2)),
        "state": st.sampled_from(ProjectState.values),
        "content": WORDS,
        "specialist": WORDS,
        "contact_name": WORDS,
        "contact_phone": WORDS.map(lambda text: text[:20]),
        "note": WORDS,
    }
    return st.fixed_dictionaries(
        {
            "facts": st.fixed_dictionaries(facts),
            "investor": st.integers(0, 2),
            "chain": st.integers(0, 1),
            "place": st.integers(0, 2),
            "lead": st.integers(0, 6),
            "steps": steps,
            "on_wall": st.booleans(),
            "partners": st.dictionaries(
                st.integers(0, 6),
                st.tuples(st.integers(0, 16), st.sampled_from(["host", "partner"])),
                max_size=4,
            ),
            "service": st.booleans(),
            "elsewhere": st.booleans(),
            "planned": st.dictionaries(st.sampled_from(["started", "producing", "landed"]), DAYS, max_size=3),
        }
    )


def write(stage: Stage, ledger: dict[str, Any]) -> int:
    """Put it into the database as it is; the number of projects of the year."""
    investors = [
        Enterprise(
            name=f"{number}{given['name']}",
            name_key=f"{number}",
            uscc=CODES[number] if given["coded"] else "",
            origin=given["origin"],
            ownership=given["ownership"],
        )
        for number, given in enumerate(ledger["investors"])
    ]
    Enterprise.objects.bulk_create(investors)
    projects = [_project(stage, number, given, investors) for number, given in enumerate(ledger["projects"])]
    Project.objects.bulk_create(projects)
    pairs = list(zip(projects, ledger["projects"], strict=True))
    Credit.objects.bulk_create(credit for made, given in pairs for credit in _credits(stage, made, given))
    Milestone.objects.bulk_create(
        _step(made, kind, *step) for made, given in pairs for kind, step in given["steps"].items()
    )
    PlannedStep.objects.bulk_create(
        PlannedStep(project=made, kind=kind, planned_on=day)
        for made, given in pairs
        for kind, day in given["planned"].items()
    )
    return len(projects)


def _project(stage: Stage, number: int, given: dict[str, Any], investors: Sequence[Enterprise]) -> Project:
    facts = dict(given["facts"])
    if facts["state"] in ("lost", "terminated"):
        facts |= {"state_on": datetime.date(2023, 8, 1), "state_reason": facts["note"] or "撤资"}
    return Project(
        **facts,
        code=f"XH-{number}",
        is_on_wall=given["on_wall"] and not facts["is_confidential"],
        enterprise=investors[given["investor"] % len(investors)],
        chain=stage.chains[given["chain"]],
        place=[*stage.places, None][given["place"]],
    )


def _credits(stage: Stage, made: Project, given: dict[str, Any]) -> list[Credit]:
    def credit(team: Team, role: str, share: int) -> Credit:
        return Credit(project=made, campaign=team.campaign, team=team, role=role, share=share)

    partners = {place: part for place, part in given["partners"].items() if place != given["lead"]}
    shared = [credit(stage.teams[place], role, share) for place, (share, role) in partners.items()]
    if given["service"]:
        shared.append(credit(stage.service, "partner", 0))
    if given["elsewhere"]:
        shared.append(credit(stage.elsewhere, "lead", 100))
    rest = 100 - sum(share for share, _ in partners.values())
    return [credit(stage.teams[given["lead"]], "lead", rest), *shared]


def _step(
    made: Project, kind: str, day: datetime.date, status: str, percent: int, counted: bool
) -> Milestone:
    step = Milestone(project=made, kind=kind, happened_on=day, status=status)
    if status == VerificationStatus.VERIFIED:
        step.recognised_wan = made.investment_wan * percent // 100
        step.counted, step.decided_at, step.reason = counted, timezone.now(), "核减"
    elif status == VerificationStatus.RETURNED:
        step.reason = "缺"
    return step
