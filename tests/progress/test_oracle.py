"""The engine against the oracle: the whole JSON, over random campaigns and days."""

from decimal import Decimal
from random import Random
from typing import Any

import pytest

from tracker.progress import Holder, Progress, progress
from tracker.sheets.progress_json import progress_json

from .oracle import oracle
from .world_rows import stored
from .worlds import days_to_ask, random_world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(40))
def test_engine_and_oracle_agree(seed: int) -> None:
    random = Random(seed)
    world = random_world(random)
    campaign = stored(world)
    campaign.refresh_from_db()

    for day in days_to_ask(random, world):
        result = progress(campaign, day)

        assert progress_json(result) == oracle(world, day), day
        _assert_sums_agree(result)


def _assert_sums_agree(result: Progress) -> None:
    """Σ teams = Σ brigades, and = district unless teams count in full side by side."""
    for basis in ("signed", "landed", "started"):
        sums = [_sum(result.brigades, basis), _sum(result.teams, basis)]
        if result.campaign.credit_mode == "share":
            sums.append(_sum((result.district,), basis))
        assert len(set(sums)) == 1


def _sum(holders: tuple[Holder, ...], basis: str) -> tuple[Any, ...]:
    layers = [holder.layer(basis) for holder in holders]
    return (
        sum((layer.recognised for layer in layers), Decimal(0)),
        sum((layer.pending for layer in layers), Decimal(0)),
        sum(layer.count for layer in layers),
        sum(layer.pending_count for layer in layers),
    )
