"""What a browser says it is, in words that its owner knows."""

from django import template

register = template.Library()

# The first that is found: browsers name those they descend from, too.
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("QQBrowser", "QQ 浏览器"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("Firefox", "火狐"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "安卓"),
    ("Windows", "Windows"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux"),
)


@register.filter
def device(agent: str) -> str:
    """`Windows · Edge`; 未知设备 where the browser keeps quiet."""
    found = [_first(_SYSTEMS, agent), _first(_BROWSERS, agent)]
    return " · ".join(filter(None, found)) or "未知设备"


def _first(words: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((word for sign, word in words if sign in agent), "")
