"""A column of a list: always rendered, ordered by a field and then by number."""

import django_tables2 as tables


def column(label: str, *classes: str, order_by: str | None = None) -> tables.Column:
    cell = " ".join(classes)
    head = " ".join(name for name in classes if name != "num")
    return tables.Column(
        verbose_name=label,
        empty_values=(),
        orderable=order_by is not None,
        # Rows that are equal keep one order, or some would stand on two pages and some on none.
        order_by=(order_by, "number") if order_by else (),
        attrs={"th": {"class": head}, "td": {"class": cell}},
    )
