"""The few names of many thousand that can be like a given one: comparing with all of them takes minutes."""

import math
from collections import defaultdict


class Shortlist:
    """Names by the characters of their keys.

    Two keys whose ratio reaches the threshold share so many characters that at least one of the rarest
    few of the one is in the other; who has none of these need not be compared.
    """

    def __init__(self, threshold: int) -> None:
        """`threshold` is a ratio of rapidfuzz in percent: twice the common characters over all of them."""
        self._lacking = (200 - 2 * threshold) / (200 - threshold)
        self._keys: dict[str, str] = {}
        self._with: dict[str, list[str]] = defaultdict(list)

    def add(self, name: str, key: str) -> None:
        if name in self._keys:
            return
        self._keys[name] = key
        for sign in set(key):
            self._with[sign].append(name)

    def near(self, key: str) -> dict[str, str]:
        """Keys by name, in no particular order; all that reach the threshold are among them."""
        # A key that lacks more of its characters in the other cannot reach it, however short that one is.
        lacking = math.floor(len(key) * self._lacking + 1e-9)
        rarest = sorted(set(key), key=lambda sign: len(self._with.get(sign, ())))[: lacking + 1]
        names = dict.fromkeys(name for sign in rarest for name in self._with.get(sign, ()))
        return {name: self._keys[name] for name in names}
