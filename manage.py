#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    try:
        from django.core.management import execute_from_command_line
        from django.db import OperationalError, ProgrammingError
    except ImportError:
        sys.exit("Django is not installed here: use `python3 run.py manage …`.")
    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, ProgrammingError) as fault:
        reason = str(fault).strip().splitlines()[0]
        sys.exit(f"数据库不可用（{reason}）：请检查 DATABASE_URL，或先运行 python3 run.py manage migrate")


if __name__ == "__main__":
    main()
