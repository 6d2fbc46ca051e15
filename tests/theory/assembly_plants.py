"""Plant files for the reference cases of assembly, split and re-join."""

from __future__ import annotations

from collections.abc import Callable

from factory_sim.simulation import trace as t
from tests.theory.event_plants import Case, Figures, Model, exponential, table
from tests.theory.observe import Seen, minutes


def assembly(p: Case) -> Model:
    """Two feeders that never lack parts, and a station that needs one of each."""
    parts = [table("plant", 'name = "Assembly"'), table("sink.done")]
    bill = []
    for k in (1, 2):
        parts.append(table(f"source.blanks_{k}"))
        parts.append(table(f"station.feeder_{k}", f"cycle = {exponential(1.0 / p[f'l{k}'])}"))
        parts.append(table(f"product.part_{k}", f'route = ["blanks_{k}", "feeder_{k}", "kit"]'))
        bill.append(f'{{product = "part_{k}", places = {p[f"b{k}"]}}}')
    parts.append(table("assembly.kit", f"parts = [{', '.join(bill)}]"))
    parts.append(table("station.assembly", f"cycle = {exponential(1.0 / p['m'])}"))
    parts.append(table("product.whole", 'route = ["kit", "assembly", "done"]'))

    def figures(seen: Seen) -> Figures:
        return {"throughput": seen.throughput}

    return Model("\n".join(parts), figures)


def fork_join(p: Case) -> Model:
    """Orders that are divided into two jobs, and are done when both are."""
    parts = [table("plant", 'name = "Fork and join"'), table("sink.done")]
    parts.append(table("source.orders", f"interval = {exponential(1.0 / p['arrival_rate'])}"))
    parts.append(table("product.order", 'route = ["orders", "fork"]'))
    pieces = ", ".join(f'{{product = "job_{k}"}}' for k in (1, 2))
    parts.append(table("split.fork", f"pieces = [{pieces}]"))
    for k in (1, 2):
        parts.append(table(f"station.machine_{k}", f"cycle = {exponential(p['mean_service'])}"))
        parts.append(table(f"product.job_{k}", f'route = ["fork", "machine_{k}", "join"]'))
    bill = ", ".join(f'{{product = "job_{k}", places = "unlimited"}}' for k in (1, 2))
    parts.append(table("assembly.join", f"parts = [{bill}]", "matched = true"))
    parts.append(table("station.closing", 'cycle = "1 ms"'))
    parts.append(table("product.whole", 'route = ["join", "closing", "done"]'))

    def figures(seen: Seen) -> Figures:
        born = seen.born_first()
        mine = seen.within(seen.trace.parts["left"]) & (seen.trace.parts["fate"] == t.AT_SINK)
        return {"mean_order_time": minutes((seen.trace.parts["left"] - born)[mine])}

    return Model("\n".join(parts), figures, 1.0 / p["arrival_rate"])


MODELS: dict[str, Callable[[Case], Model]] = {
    "assembly of two components": assembly,
    "split and re-join": fork_join,
}
SLOW = {"split and re-join"}
