"""周报 as a sheet: one row a project."""

from tracker.progress.weekly import Talk, Week

from .sending import Column, Export, amounts


def weekly_export(week: Week) -> Export:
    return Export(
        "周报",
        _COLUMNS,
        [*week.talks, *week.signed],
        f"{week.starts_on:%Y-%m-%d} 至 {week.ends_on:%Y-%m-%d}",
        counted="共 {} 个项目",
    )


def stage_word(talk: Talk) -> str:
    if talk.is_signed:
        return "已签约"
    if talk.awaits:
        return "签约待认定"
    return "拟签约" if talk.is_signing else "在谈"


def _notes(talk: Talk) -> str:
    return "；".join(f"{note.happened_on:%m-%d} {note.text}" for note in talk.notes)


def _asks(talk: Talk) -> str:
    return "；".join(f"{note.ask}（{note.happened_on:%m-%d}）" for note in talk.asks)


_COLUMNS = (
    Column("牵头", lambda talk: talk.team, width=12),
    Column("项目编号", lambda talk: talk.project.code, width=15),
    Column("项目名称", lambda talk: talk.shown_name, width=30),
    Column(
        "投资企业", lambda talk: talk.project.enterprise.name if talk.is_detailed else "（保密）", width=30
    ),
    *amounts("投资总额", lambda talk: talk.project.investment_wan),
    Column("阶段", stage_word, width=12),
    Column("计划签约日", lambda talk: talk.planned_on, "day"),
    Column("需领导出面事项", _asks, width=40),
    Column("本周跟进", _notes, width=50),
    Column("下一步", lambda talk: talk.next_step.next_step if talk.next_step else "", width=30),
    Column("下一步完成日", lambda talk: talk.next_step.next_on if talk.next_step else None, "day"),
    Column("谁去办", lambda talk: talk.next_step.next_person if talk.next_step else "", width=14),
)
