"""Columns of lists, always rendered: ordered by a field and then by number, or in one order."""

import django_tables2 as tables


def column(label: str, *classes: str, order_by: str = "", then: str = "") -> tables.Column:
    """Rows that are equal in `order_by` come in the order of `then`."""
    cell = " ".join(classes)
    head = " ".join(name for name in classes if name != "num")
    return tables.Column(
        verbose_name=label,
        # A column named like a relation would fetch it row by row: `render_…` takes what it needs.
        accessor="pk",
        empty_values=(),
        orderable=bool(order_by),
        # Rows that are equal keep one order, or some would stand on two pages and some on none.
        order_by=tuple(filter(None, (order_by, then, "number"))) if order_by else (),
        attrs={"th": {"class": head}, "td": {"class": cell}},
    )


def plain_column(label: str, classes: str) -> tables.Column:
    """Of a list that has one order."""
    return tables.Column(
        verbose_name=label,
        empty_values=(),
        orderable=False,
        attrs={"th": {"class": classes}, "td": {"class": classes}},
    )
