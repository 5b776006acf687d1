"""The engine that `DATABASE_URL=sqlite:///…` names."""

import sqlite3
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.backends.sqlite3 import base, features, operations


class DatabaseFeatures(features.DatabaseFeatures):
    @cached_property
    def max_query_params(self) -> int:  # type: ignore[override]
        """Django assumes the 999 of old libraries, which cuts a bulk insert into dozens of statements."""
        self.connection.ensure_connection()
        return int(self.connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))


class DatabaseOperations(operations.DatabaseOperations):
    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """Emptying the whole database, an operator's act, is a DELETE here: triggers stand aside for it."""
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            held: list[tuple[str, str]] = cursor.fetchall()
        away: list[Any] = [f"DROP TRIGGER {self.quote_name(name)}" for name, _ in held]
        super().execute_sql_flush([*away, *sql_list, *(sql for _, sql in held)])


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
