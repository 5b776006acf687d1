"""Facts and the constraints they obey."""

from .audit import AuditEvent
from .campaign import Campaign
from .completed_investment import CompletedInvestment
from .credit import Credit
from .department import Department
from .directive import Directive, DirectiveAnswer, Extension
from .display import DisplayToken, DistrictMap
from .distinction import Distinction
from .element import Element
from .enterprise import Enterprise
from .evidence import Evidence
from .follow_up import FollowUp
from .holiday import Holiday
from .milestone import Milestone, PlannedStep
from .month_end import MonthEnd, MonthEndState, Talk
from .organisation import Brigade, Membership, Team
from .place import Place
from .pledge import Pledge
from .project import Project
from .reading import Reading
from .reference import Baseline, Definition, Exclusion, IndustryChain, Policy
from .service_request import Ownership, ServiceRequest
from .sign_in import PastPassword, SignIn
from .target import PlanPoint, Target
from .two_step import RecoveryCode, TwoStep
from .user import User

__all__ = [
    "AuditEvent",
    "Baseline",
    "Brigade",
    "Campaign",
    "CompletedInvestment",
    "Credit",
    "Definition",
    "Department",
    "Directive",
    "DirectiveAnswer",
    "DisplayToken",
    "Distinction",
    "DistrictMap",
    "Element",
    "Enterprise",
    "Evidence",
    "Exclusion",
    "Extension",
    "FollowUp",
    "Holiday",
    "IndustryChain",
    "Membership",
    "Milestone",
    "MonthEnd",
    "MonthEndState",
    "Ownership",
    "PastPassword",
    "Place",
    "PlanPoint",
    "PlannedStep",
    "Pledge",
    "Policy",
    "Project",
    "Reading",
    "RecoveryCode",
    "ServiceRequest",
    "SignIn",
    "Talk",
    "Target",
    "Team",
    "TwoStep",
    "User",
]
