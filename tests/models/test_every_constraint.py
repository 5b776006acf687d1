"""A constraint without a test of the row that it refuses fails the suite."""

import ast
from pathlib import Path

from django.apps import apps


def test_every_constraint_has_its_test() -> None:
    constraints = {
        constraint.name
        for model in apps.get_app_config("tracker").get_models()
        for constraint in model._meta.constraints
    }

    assert len(constraints) >= 40
    assert {f"test_{name}" for name in constraints} - _tests() == set()


def test_every_constraint_speaks_chinese() -> None:
    for model in apps.get_app_config("tracker").get_models():
        for constraint in model._meta.constraints:
            assert str(constraint.violation_error_message).endswith("。"), constraint.name


def _tests() -> set[str]:
    modules = [
        ast.parse(path.read_text(encoding="utf-8")) for path in Path(__file__).parent.glob("test_*.py")
    ]
    return {node.name for module in modules for node in module.body if isinstance(node, ast.FunctionDef)}
