"""Drawn plants with the features that the plain next-event program does not know."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import strategies as st

from factory_sim.model import parse_plant
from factory_sim.model.problems import InputError
from factory_sim.simulation.prepare import prepare

from .plants import Draw, Raw, durations, plants


def _waits(draw: Draw, raw: Raw, name: str) -> None:
    """Let parts wait for a station only so long."""
    window: Raw = {
        "limit": draw(st.sampled_from(("1 min", "2 min", "1 h"))),
        "since": draw(st.sampled_from(("arrival", "work"))),
    }
    if draw(st.booleans()):
        window["back_to"] = draw(st.sampled_from(sorted(raw["station"])))
    raw["station"][name]["window"] = window


def _switches_off(draw: Draw, raw: Raw, name: str) -> None:
    """Switch a station off without parts."""
    after = f"{draw(st.integers(0, 3))} min"
    raw["station"][name]["standby"] = {"off_after": after, "warm_up": draw(durations("min", 0, 3))}


def _has_duties(draw: Draw, raw: Raw, name: str) -> None:
    """Give a station something else to do when idle."""
    duty = {"every": "0 s", "when": "when_idle", "duration": draw(durations("min", 1, 3))}
    raw["station"][name].setdefault("planned", {})["duty"] = duty


def _makes_campaigns(draw: Draw, raw: Raw, name: str) -> None:
    """Let a station make one product after another."""
    products = [product for product, table in raw["product"].items() if name in table["route"]]
    campaign = draw(st.sampled_from(("exhaustive", "gated", "lots")))
    setup: Raw = {
        "campaign": campaign,
        "sequence": draw(st.permutations(products)),
        "change": draw(durations("min", 1, 3)),
    }
    if campaign == "lots":
        setup["lots"] = [draw(st.integers(1, 3)) for _ in products]
    elif draw(st.booleans()):
        setup["without_parts"] = "go_on"
    raw["station"][name]["setup"] = setup
    raw.setdefault("buffer", {})[f"before_{name}"] = {
        "before": name,
        "capacity": draw(st.sampled_from((2, "unlimited"))),
    }


def _interrupts(_: Draw, raw: Raw, name: str) -> None:
    """Let urgent parts interrupt the work on others."""
    raw["station"][name] |= {"dispatch": "priority", "preempt": True}
    for product, table in enumerate(raw["product"].values()):
        table["priority"] = -product


def _needs_room(_: Draw, raw: Raw, name: str) -> None:
    """Let a station begin only with room ahead."""
    raw["station"][name]["blocking"] = "before"


def _moves_in_sublots(draw: Draw, raw: Raw, name: str) -> None:
    """Let parts come to a station in groups."""
    buffer = {"before": name, "capacity": draw(st.sampled_from((3, "unlimited"))), "sublot": draw(st.integers(2, 3))}
    if draw(st.booleans()):
        buffer["sublot_wait"] = f"{draw(st.integers(1, 5))} min"
    raw.setdefault("buffer", {})[f"before_{name}"] = buffer


def _assembles(draw: Draw, raw: Raw, _: str) -> None:
    """Build parts of the first product into another one."""
    raw["product"]["product0"]["route"][-1] = "kit"
    count = draw(st.integers(1, 2))
    parts = [{"product": "product0", "count": count, "places": draw(st.sampled_from((count, 3, "unlimited")))}]
    raw["station"]["z"] = {"cycle": draw(durations("min"))}
    raw["product"]["whole"] = {"route": ["kit", "z", "out"]}
    if draw(st.booleans()):
        raw["source"]["screws"] = {"interval": "2 min"}
        raw["station"]["y"] = {"cycle": draw(durations("min"))}
        raw["product"]["screw"] = {"route": ["screws", "y", "kit"]}
        parts.append({"product": "screw", "count": 1, "places": 2})
    raw["assembly"] = {"kit": {"parts": parts}}


def _divides(draw: Draw, raw: Raw, _: str) -> None:
    """Divide parts of the first product, and put the pieces together again or not."""
    raw["product"]["product0"]["route"][-1] = "saw"
    end = draw(st.sampled_from(("out", "join")))
    raw["split"] = {"saw": {"pieces": [{"product": "left"}, {"product": "right", "count": 2}]}}
    for name in ("left", "right"):
        raw["station"][f"for_{name}"] = {"cycle": draw(durations("min")), "machines": draw(st.integers(1, 2))}
        raw["product"][name] = {"route": ["saw", f"for_{name}", end]}
    if end == "join":
        parts = [{"product": "left", "places": "unlimited"}, {"product": "right", "count": 2, "places": "unlimited"}]
        raw["assembly"] = {"join": {"parts": parts, "matched": True}}
        raw["station"]["closing"] = {"cycle": draw(durations("min"))}
        raw["product"]["joined"] = {"route": ["join", "closing", "out"]}


FEATURES = (
    _waits, _switches_off, _has_duties, _makes_campaigns, _interrupts, _needs_room, _moves_in_sublots, _assembles,
    _divides,
)  # fmt: skip


@st.composite
def more_plants(draw: Draw) -> tuple[Raw, int]:
    """Draw the tables of a small plant with some of these features, as far as they go together, and a horizon. [s]"""
    raw, horizon = draw(plants())
    for feature in draw(st.lists(st.sampled_from(FEATURES), min_size=1, max_size=4)):
        with_it = deepcopy(raw)
        feature(draw, with_it, draw(st.sampled_from(sorted(raw["station"]))))
        try:
            prepare(parse_plant(with_it))
        except InputError:
            continue
        raw = with_it
    return raw, horizon
