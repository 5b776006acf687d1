"""Values in words, as the sentences of refusals quote them."""

from decimal import Decimal


def in_unit(value: Decimal | int, unit: str) -> str:
    """A value with its unit; money, which is kept in 万元, in 亿元."""
    if unit == "万元":
        return f"{in_yi(value)} 亿元"
    return f"{trimmed(Decimal(value))} {unit}"


def in_yi(wan: Decimal | int) -> str:
    """万元 as 亿元, to the 万元 where it is needed and with two decimals where not."""
    exact = trimmed(Decimal(wan) / 10_000)
    rounded = f"{Decimal(wan) / 10_000:.2f}"
    return rounded if Decimal(rounded) == Decimal(exact) else exact


def trimmed(value: Decimal) -> str:
    return f"{value.normalize():f}"
