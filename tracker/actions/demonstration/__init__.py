"""Demonstration data: a plausible year that stops at 15 September 2023, every name invented.

The facts are tables in `fixtures/demo`; they are played through the ordinary actions in the order of
their days, so that history, four eyes and invariants are those of real work.
"""

from .loading import load
from .people import USERNAMES, renew_passwords, role_of

__all__ = ["USERNAMES", "load", "renew_passwords", "role_of"]
