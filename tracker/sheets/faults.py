"""What is wrong in an uploaded sheet, cell by cell."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One cell that cannot be taken; `column` is empty where the whole row is at fault."""

    row: int
    column: str
    value: str
    reason: str
