"""The words of the campaign: every fixed list of choices, with its Chinese label.

Codes are those of the public JSON and of the ledger; labels are those of the glossary.
"""

from django.db.models import IntegerChoices, TextChoices


class Provenance(TextChoices):
    """Where a row comes from; shown beside the row unless it is named in the source itself."""

    SOURCE = "source", "原文"
    INFERRED = "inferred", "推定"
    PRESS = "press", "公开报道"
    DIVISION = "division", "公开区划"
    UNVERIFIED = "unverified", "待核实"
    PLACEHOLDER = "placeholder", "占位数"
    ENTERED = "entered", "本系统录入"
    DEMO = "demo", "演示数据"


class CreditMode(TextChoices):
    SHARE = "share", "分成"
    DOUBLE = "double", "双计"


class PaceBy(TextChoices):
    DAY = "day", "按日"
    MONTH = "month", "按月（n/12，满月才计）"


class BrigadeKind(TextChoices):
    BRIGADE = "brigade", "大队"
    TASK_FORCE = "task_force", "专班"


class TeamKind(TextChoices):
    CHAIN = "chain", "产业链分队"
    TOWN = "town", "镇街小分队"
    PARK = "park", "园区小分队"
    AWAY = "away", "驻外小分队"
    SERVICE = "service", "服务专班"


class RankGroup(IntegerChoices):
    """Teams are compared within their group only; service task forces are not ranked."""

    CHAIN = 1, "产业链分队"
    TOWN = 2, "镇（街、区）小分队"
    PARK_AND_AWAY = 3, "园区及驻外"
    SERVICE = 4, "服务专班"


RANK_GROUP_OF = {
    TeamKind.CHAIN: RankGroup.CHAIN,
    TeamKind.TOWN: RankGroup.TOWN,
    TeamKind.PARK: RankGroup.PARK_AND_AWAY,
    TeamKind.AWAY: RankGroup.PARK_AND_AWAY,
    TeamKind.SERVICE: RankGroup.SERVICE,
}


class PlaceKind(TextChoices):
    TOWN = "town", "镇街"
    ZONE = "zone", "功能区"
    PARK = "park", "园区"


class PledgeStatus(TextChoices):
    DRAFT = "draft", "拟订"
    ISSUED = "issued", "已下达"
    SIGNED = "signed", "已签订"


class Comparator(TextChoices):
    GT = "gt", "超"
    GTE = "gte", "至少"


class JudgedBy(TextChoices):
    PACE = "pace", "按序时"
    REMAINING = "remaining", "还差几个"
    LEVEL = "level", "水平值"
    GROWTH = "growth", "看增速"


class State(TextChoices):
    """How a target stands on a day."""

    DONE = "done", "已完成"
    ON_TRACK = "on_track", "快于序时"
    BEHIND = "behind", "滞后"
    CRITICAL = "critical", "严重滞后"
    OPEN = "open", "未完成"
    NO_DATA = "no_data", "无数"


class MilestoneKind(TextChoices):
    """The steps of a project; the codes are the bases at which figures are counted."""

    SIGNED = "signed", "签约"
    REVIEWED = "reviewed", "过会"
    LISTED = "listed", "挂网"
    GRANTED = "granted", "供地"
    DELIVERED = "delivered", "交地"
    LANDED = "landed", "落地"
    STARTED = "started", "开工"
    COMPLETED = "completed", "竣工"
    PRODUCING = "producing", "投产"
    ENROLLED = "enrolled", "入统"
    AT_CAPACITY = "at_capacity", "达产"


MAIN_LINE = (
    MilestoneKind.SIGNED,
    MilestoneKind.LANDED,
    MilestoneKind.STARTED,
    MilestoneKind.PRODUCING,
)
# A project's stage is its furthest main-line step that is 已认定; ranks count from 在谈.
STAGE_LABELS = {"none": "在谈", **{kind.value: str(kind.label) for kind in MAIN_LINE}}
STAGE_OF_RANK = tuple(STAGE_LABELS.values())
STAGE_RANKS = {code: rank for rank, code in enumerate(STAGE_LABELS)}
LAND_LINE = (
    MilestoneKind.REVIEWED,
    MilestoneKind.LISTED,
    MilestoneKind.GRANTED,
    MilestoneKind.DELIVERED,
)


class VerificationStatus(TextChoices):
    PENDING = "pending", "待认定"
    VERIFIED = "verified", "已认定"
    RETURNED = "returned", "退回"


class EvidenceKind(TextChoices):
    """What a file is by its content, whatever its name says; the code is the ending of its name."""

    PDF = "pdf", "PDF"
    JPG = "jpg", "JPG 图片"
    PNG = "png", "PNG 图片"
    DOCX = "docx", "Word 文档"
    XLSX = "xlsx", "Excel 表格"
    OFD = "ofd", "OFD 版式文件"


class CreditRole(TextChoices):
    LEAD = "lead", "牵头"
    HOST = "host", "承接"
    PARTNER = "partner", "配合"


class ProjectKind(TextChoices):
    NEW = "new", "新引进"
    EXPANSION = "expansion", "增资扩产"
    RENEWAL = "renewal", "工改工"


class AgreementKind(TextChoices):
    FORMAL = "formal", "正式"
    FRAMEWORK = "framework", "框架"
    EXPANSION = "expansion", "增资"


class Channel(TextChoices):
    BY_ENTERPRISE = "by_enterprise", "以商引商"
    BY_CHAIN = "by_chain", "以链引商"
    BY_OVERSEAS = "by_overseas", "以侨引商"
    JOINT = "joint", "联合招商"
    AWAY = "away", "驻外招商"
    OTHER = "other", "其他"


class Ownership(TextChoices):
    DOMESTIC = "domestic", "内资"
    FOREIGN = "foreign", "外资"
    HMT = "hmt", "港澳台资"
    OVERSEAS_CHINESE = "overseas_chinese", "侨资"


class ProjectState(TextChoices):
    ACTIVE = "active", "推进"
    DELAYED = "delayed", "延期"
    STALLED = "stalled", "停滞"
    LOST = "lost", "流失"
    TERMINATED = "terminated", "终止"


WITHDRAWN_STATES = (ProjectState.LOST, ProjectState.TERMINATED)


class DayKind(TextChoices):
    """How a day differs from what its weekday says."""

    OFF = "off", "放假"
    WORKED = "worked", "调休上班"


class DirectiveStatus(TextChoices):
    """督办单: answered ones wait for headquarters, which accepts (销号) or sends them back."""

    OPEN = "open", "待办理"
    ANSWERED = "answered", "已答复待销号"
    CLOSED = "closed", "已销号"
    WITHDRAWN = "withdrawn", "已撤回"


class AnswerStatus(TextChoices):
    WAITING = "waiting", "待核"
    ACCEPTED = "accepted", "同意销号"
    REFUSED = "refused", "退回重办"


class ExtensionStatus(TextChoices):
    ASKED = "asked", "已申请"
    GRANTED = "granted", "同意延期"
    REFUSED = "refused", "不同意延期"


class NeedKind(TextChoices):
    """企业诉求: what an enterprise asks for."""

    LAND = "land", "用地"
    ENERGY = "energy", "用能"
    FUNDS = "funds", "资金"
    APPROVAL = "approval", "审批"
    LABOUR = "labour", "用工"
    OTHER = "other", "其他"


class RequestStatus(TextChoices):
    OPEN = "open", "待响应"
    ANSWERED = "answered", "办理中"
    RESOLVED = "resolved", "已办结"


class Satisfaction(TextChoices):
    SATISFIED = "satisfied", "满意"
    DISSATISFIED = "dissatisfied", "不满意"


class ElementKind(TextChoices):
    """要素保障: what a project cannot be built without."""

    LAND = "land", "用地"
    ENERGY = "energy", "用能"
    WATER = "water", "用水"
    LABOUR = "labour", "用工"
    FUNDS = "funds", "资金"
    ENVIRONMENT = "environment", "环评"
    APPROVAL = "approval", "模拟审批"


class ElementStatus(TextChoices):
    NEEDED = "needed", "需要"
    PROMISED = "promised", "已承诺"
    GIVEN = "given", "已到位"


class TalkVerdict(TextChoices):
    """What headquarters makes of a 提请约谈建议."""

    HELD = "held", "约谈"
    WAITS = "waits", "暂缓"
    NOT = "not", "不约谈"


class AlarmKind(TextChoices):
    """预警: what somebody has to be reminded of, in the order in which lists show it."""

    CRITICAL = "critical", "严重滞后"
    BEHIND = "behind", "滞后"
    DIRECTIVE = "directive", "督办超期"
    REQUEST = "request", "诉求超时"
    RETURNED = "returned", "退回未补"
    PLANNED = "planned", "计划超期"
    STEP = "step", "承诺超期"
    ASK = "ask", "领导出面"
    SILENT = "silent", "没有跟进"


class Role(TextChoices):
    """Groups of the log-in system; the value is the group's name."""

    READER = "只读"
    LIAISON = "联络员"
    CAPTAIN = "队长"
    HEADQUARTERS = "指挥部"
    ADMINISTRATOR = "系统管理员"


class Ending(TextChoices):
    """Why a sign-in ended."""

    OUT = "out", "退出"
    IDLE = "idle", "离开太久"
    WHOLE = "whole", "登录已满时长"
    ELSEWHERE = "elsewhere", "本人在别处退出"
    ADMINISTRATOR = "admin", "系统管理员退出"
    PASSWORD = "password", "密码已改"
    DISABLED = "disabled", "账号停用"


class Deed(TextChoices):
    """What the audit keeps of what people do, beside the history of every fact."""

    SIGNED_IN = "signed_in", "登录"
    FAILED = "failed", "登录失败"
    LOCKED = "locked", "锁定"
    LIFTED = "lifted", "解除锁定"
    SIGNED_OUT = "signed_out", "退出"
    PASSWORD = "password", "改密码"
    TWO_STEP = "two_step", "两步验证"
    EXPORTED = "exported", "导出"
    IMPORTED = "imported", "导入"
    PHONE = "phone", "看电话"
    PAPER = "paper", "下载材料"
    REFUSED = "refused", "拒绝访问"
    ACCOUNT = "account", "账号变动"
    SCREEN = "screen", "大屏授权使用"


class Audience(TextChoices):
    """Who stands before a wall: colleagues, or guests who are not told who is slow."""

    INTERNAL = "internal", "内部"
    RECEPTION = "reception", "接待"


class WallTheme(TextChoices):
    DARK = "dark", "墨夜（深色）"
    LIGHT = "light", "宣纸（浅色）"


class WallScheme(TextChoices):
    """What red stands for on a wall."""

    HONOR = "honor", "红＝先进"
    TRAFFIC = "traffic", "红＝预警"


class MapBy(TextChoices):
    """What colours a town on the wall's map."""

    LANDED = "landed", "落在本镇的投资"
    PACE = "pace", "镇街队与序时之差"


class Scene(TextChoices):
    """What a wall shows in turn."""

    OVERVIEW = "overview", "战况总览"
    PLEDGES = "pledges", "军令状榜"
    ZONES = "zones", "四区作战"
    PROJECTS = "projects", "项目攻坚"
    HONOURS = "honours", "红旗榜"


# Guests see neither the whole ladder nor what is stuck.
RECEPTION_SCENES = (Scene.OVERVIEW, Scene.ZONES, Scene.HONOURS)
