"""The worst two files of bench/hostile_files.py, read under its bounds: 10 seconds, 150 MB."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["10 million rare signs", "100,000 formatted blank rows and a sum"])
def test_hostile_files_cost_little(name: str) -> None:
    command = [sys.executable, "bench/hostile_files.py", name]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stdout + done.stderr
    assert name in done.stdout
