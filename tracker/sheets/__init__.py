"""Shapes of the figures for people and machines: JSON, tables, sheets."""
