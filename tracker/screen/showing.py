"""How one screen shows the wall: what of it, for whom, in which colours."""

import datetime
from dataclasses import asdict, dataclass, replace
from typing import Any

from tracker.choices import RECEPTION_SCENES, Audience, MapBy, Scene
from tracker.models import DisplayToken
from tracker.models.display import HONOURS_SECONDS


@dataclass(frozen=True)
class Showing:
    """Settings that the document depends on; `scenes` are (code, seconds), `xibao_wan` is in 万元."""

    audience: str
    theme: str
    scheme: str
    map_by: str
    scenes: tuple[tuple[str, int], ...]
    poll_seconds: int
    dim_from: datetime.time
    dim_to: datetime.time
    xibao_wan: int

    @classmethod
    def of(cls, display: DisplayToken) -> "Showing":
        return cls(
            audience=display.audience,
            theme=display.theme,
            scheme=display.scheme,
            map_by=display.map_by,
            scenes=tuple((scene.value, display.seconds_of(scene)) for scene in Scene),
            poll_seconds=display.poll_seconds,
            dim_from=display.dim_from,
            dim_to=display.dim_to,
            xibao_wan=display.xibao_wan,
        )

    @classmethod
    def usual(cls, audience: str = Audience.INTERNAL) -> "Showing":
        """As a new screen would show it."""
        honours = HONOURS_SECONDS if audience == Audience.RECEPTION else 0
        return cls.of(DisplayToken(audience=audience, honours_seconds=honours))

    @property
    def for_guests(self) -> bool:
        return self.audience == Audience.RECEPTION

    def held(self) -> "Showing":
        """For guests without what they shall not see: some scenes, and towns coloured by their pace."""
        shown = tuple(scene for scene in self.scenes if scene[1] > 0)
        if not self.for_guests:
            return replace(self, scenes=shown)
        kept = tuple(scene for scene in shown if scene[0] in RECEPTION_SCENES)
        usual = tuple((scene.value, 30) for scene in RECEPTION_SCENES)
        return replace(self, scenes=kept or usual, map_by=MapBy.LANDED.value)

    def told(self) -> dict[str, Any]:
        """As the document says it."""
        return asdict(self) | {
            "scenes": [{"code": code, "seconds": seconds} for code, seconds in self.scenes],
            "dim_from": f"{self.dim_from:%H:%M}",
            "dim_to": f"{self.dim_to:%H:%M}",
        }
