"""Pages of a list whose number of rows is known already."""

from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator

if TYPE_CHECKING:
    AnyPaginator = Paginator[Any]
else:
    AnyPaginator = Paginator


class CountedPaginator(AnyPaginator):
    """Takes the number of rows from the summary, and brings a mangled page number back in range."""

    def __init__(self, *args: Any, total: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.total = total

    @property
    def count(self) -> int:
        return self.total

    def page(self, number: int | str) -> "Page[Any]":
        return super().page(_within(number, self.num_pages))


def _within(number: int | str, last: int) -> int:
    text = str(number)
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1
    return min(max(wanted, 1), last)


def paged(table: Any, *, number: str, per_page: int, total: int) -> None:
    """Show one page of a table whose number of rows is known, without counting them again."""
    table.data._length = total
    table.paginate(paginator_class=CountedPaginator, page=number, per_page=per_page, total=total)
