"""Every figure is a link to the rows that it is made of: the addresses of those rows."""

from django.urls import reverse

from tracker.metrics import METRICS, Measure, Source
from tracker.progress import Figure, Holder

from .moment import Moment


def rows_url(moment: Moment, **params: object) -> str:
    """The project list with `params`, in the same campaign and on the same day."""
    return reverse("projects") + moment.query(basis=None, **params)


def figure_url(moment: Moment, holder: Holder, figure: Figure, *, pending: bool = False) -> str | None:
    """The rows that a figure is made of; of projects their sum (or number) is the figure."""
    metric = METRICS[figure.metric]
    if metric.source is Source.REQUESTS:
        return reverse("requests") + moment.query(basis=None, timed=1, **scope_params(holder))
    if metric.source is not Source.PROJECTS:
        return reverse("readings") + moment.query(basis=None)
    params: dict[str, object] = {"pending" if pending else "counted": figure.basis}
    params |= scope_params(holder)
    cut = figure.cut
    if cut.above_wan is not None:
        params["from" if cut.includes_threshold else "over"] = cut.above_wan
    if cut.below is not None:
        params["upto" if not cut.below.includes_threshold else "below"] = cut.below.above_wan
    params["kind"] = cut.project_kind
    if metric.measure is Measure.COUNT and holder.scope != "district":
        params["by"] = "count"
    return rows_url(moment, **params)


def layer_url(moment: Moment, holder: Holder, basis: str, *, pending: bool = False) -> str:
    """The rows behind a holder's money at a basis."""
    status = "pending" if pending else "counted"
    return rows_url(moment, **{status: basis}, **scope_params(holder))


def scope_params(holder: Holder) -> dict[str, object]:
    return {} if holder.scope == "district" else {holder.scope: holder.code}
