"""Two people who correct one project at the same time, by lot; also what `bench/conflicts.py` repeats."""

from random import Random
from typing import Any

from django.test import Client

TEXTS = ("specialist", "leader", "content", "note", "contact_name", "origin")
FIELDS = (*TEXTS, "share_1", "investment_wan")


def opened(client: Client, address: str) -> dict[str, Any]:
    """What the page's form would send if nothing were touched."""
    return sent_by(client.get(address).context["form"])


def sent_by(form: Any) -> dict[str, Any]:
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, False)}


def both_correct(one: Client, two: Client, address: str, partner: str, seed: int) -> None:
    """Both open the page and change fields of their own choice; the second saves what the page then says.

    Raises AssertionError where a change of either is lost without the second having been told.
    """
    random = Random(seed)
    first, second = random.sample([one, two], 2)
    forms = {client: opened(client, address) for client in (first, second)}
    theirs, mine = (_typed(random, forms[first], partner) for _ in range(2))

    assert first.post(address, forms[first] | theirs).status_code == 302
    told = second.post(address, forms[second] | mine)

    assert told.status_code == 422, "the second was not told"
    assert _shown(first, address, theirs) == theirs, "the second wrote over the first"
    page, form = told.content.decode(), told.context["form"]
    assert all(value in page for value in theirs.values()), "the second does not see what stands"
    both = [name for name in theirs.keys() & mine.keys() if theirs[name] != mine[name]]
    assert [name for name in both if not form.has_error(name)] == [], "the second is not asked to choose"
    assert not [name for name in form.fields if isinstance(form[name].value(), list)], "a list in a field"
    # Saved as it now stands: what only the first had touched is theirs, the rest is as the second typed it.
    saved = second.post(address, sent_by(form))
    assert saved.status_code == 302, (
        f"what the page says cannot be saved: {dict(saved.context['form'].errors)}"
    )
    assert _shown(first, address, theirs | mine) == theirs | mine, "something is lost"


def _typed(random: Random, form: dict[str, Any], partner: str) -> dict[str, str]:
    names = random.sample(FIELDS, random.randint(1, 3))
    typed = {name: f"{name}{random.randrange(10**9)}" for name in names if name in TEXTS}
    if "investment_wan" in names:
        typed["investment_wan"] = f"{random.randrange(10**5) * 10 + 7}万"
    if "share_1" in names:
        others = [share for share in range(1, 100) if share != form.get("share_1")]
        typed |= {"partner_1": partner, "share_1": str(random.choice(others))}
    return typed


def _shown(client: Client, address: str, names: dict[str, str]) -> dict[str, str]:
    form = opened(client, address)
    return {name: str(form.get(name) or "") for name in names}
