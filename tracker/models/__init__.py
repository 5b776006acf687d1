"""Facts and the constraints they obey."""

from .audit import AuditEvent
from .campaign import Campaign
from .credit import Credit
from .department import Department
from .distinction import Distinction
from .enterprise import Enterprise
from .evidence import Evidence
from .milestone import Milestone, PlannedStep
from .organisation import Brigade, Membership, Team
from .place import Place
from .pledge import Pledge
from .project import Project
from .reading import Reading
from .reference import Baseline, Definition, Exclusion, IndustryChain, Policy
from .sign_in import PastPassword, SignIn
from .target import PlanPoint, Target
from .two_step import RecoveryCode, TwoStep
from .user import User

__all__ = [
    "AuditEvent",
    "Baseline",
    "Brigade",
    "Campaign",
    "Credit",
    "Definition",
    "Department",
    "Distinction",
    "Enterprise",
    "Evidence",
    "Exclusion",
    "IndustryChain",
    "Membership",
    "Milestone",
    "PastPassword",
    "Place",
    "PlanPoint",
    "PlannedStep",
    "Pledge",
    "Policy",
    "Project",
    "Reading",
    "RecoveryCode",
    "SignIn",
    "Target",
    "Team",
    "TwoStep",
    "User",
]
