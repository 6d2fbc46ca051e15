"""What only the whole file can tell about stations with a flow."""

from __future__ import annotations

from collections.abc import Iterator

from factory_sim.model.raw import Raw, tables
from factory_sim.model.validate import Found


def check_flow(raw: Raw) -> Iterator[Found]:
    """Yield cycles beside a flow, and crews of which there is no unit."""
    units = {name: table.get("units") for name, table in tables(raw, "resource").items()}
    for name, station in tables(raw, "station").items():
        flow = station.get("flow")
        if not isinstance(flow, dict):
            continue
        if "cycle" in station:
            yield ("station", name, "cycle"), "the cycle of a flow is pitch/speed; remove cycle, or flow"
        for product in tables(raw, "product"):
            if name in tables(raw, "product", product, "step"):
                message = f"'{name}' is a flow: all products go through with its pitch and speed; remove this table"
                yield ("product", product, "step", name), message
        crew = tables(raw, "station", name, "flow").get("web_break", {}).get("crew")
        if isinstance(crew, str) and units.get(crew) == 0:
            path = ("station", name, "flow", "web_break", "crew")
            yield path, f"needs one unit of '{crew}', but resource.{crew}.units is 0; give it at least 1"
