"""Parts that wait too long: in the buffer, in a machine whose operator is away, in a sub-lot; by hand."""

from __future__ import annotations

import tomllib

import pytest

from factory_sim.model import parse_plant
from factory_sim.results.states import MachineTime
from factory_sim.simulation import trace as t
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate
from factory_sim.simulation.trace import Trace

MINUTE = 60_000_000  # [ticks]
EARLY = '[calendar.early]\nshifts = [{days = "Mon-Sun", from = "08:00", to = "10:00"}]\n'


def run(text: str, horizon: float = 3600.0) -> Trace:
    """Return what happens in a plant with a sink `out`."""
    return simulate(
        prepare(parse_plant(tomllib.loads('[plant]\nname = "Window"\n[sink.out]\n' + text))), horizon=horizon
    )


def ends(trace: Trace) -> dict[int, tuple[float, str]]:
    """Return by part when it left [min] and as what."""
    rows = (trace.parts[name].tolist() for name in ("part", "left", "fate"))
    return {part: (left / MINUTE, t.FATES[fate]) for part, left, fate in zip(*rows, strict=True)}


def two_products(first: str, second: str, more: str, at: str = '"1 min"') -> str:
    """Return a plant in which product `first` comes at 0 and product `second` at other times; parts 0 and 1, 3, ..."""
    return (
        f'[source.a]\nat = ["0 min"]\n[source.b]\nat = [{at}]\n'
        f'[product.first]\nroute = ["a", {first}, "out"]\n[product.second]\nroute = ["b", {second}, "out"]\n{more}'
    )


PRESS = 'window = {limit = "5 min"}\ncycle = "2 min"\n'
ONE = "[resource.operator]\nunits = 1\n"


@pytest.mark.parametrize(
    "needs", ['needs = ["operator"]', 'attend.load = {needs = ["operator"], time = "1 min"}'], ids=["cycle", "load"]
)
def test_the_wait_for_an_operator_counts(needs: str) -> None:
    """The operator is at the lathe until 20 min; the part of 1 min is lost at 6, that of 18 min is worked at 20."""
    stations = f'[station.lathe]\ncycle = "20 min"\nneeds = ["operator"]\n[station.press]\n{PRESS}{needs}\n'
    found = ends(run(two_products('"lathe"', '"press"', stations + ONE, '"1 min", "18 min"')))
    assert found[1] == (6.0, "expired")
    assert found[3][0] in (22.0, 23.0) and found[3][1] == "good"


def test_the_machine_was_waiting_while_it_held_the_part() -> None:
    stations = (
        f'[station.lathe]\ncycle = "20 min"\nneeds = ["operator"]\n[station.press]\n{PRESS}needs = ["operator"]\n'
    )
    trace = run(two_products('"lathe"', '"press"', stations + ONE))
    spent = MachineTime.of(trace, 1).states(0, trace.horizon)
    assert spent[t.WAITING] == 5 * MINUTE and spent.sum() == trace.horizon


def test_the_wait_for_a_setup_counts() -> None:
    """Set up from 2 to 12 min for a part that came at 1."""
    found = ends(run(two_products('"press"', '"press"', f'[station.press]\n{PRESS}setup.change = "10 min"\n')))
    assert found == {0: (2.0, "good"), 1: (6.0, "expired")}


@pytest.mark.parametrize("needs", ["", 'needs = ["operator"]\n', 'attend.watch = {needs = ["operator"]}\n'])
def test_the_wait_for_the_next_shift_counts(needs: str) -> None:
    """A cycle of an hour is not begun at 9:20; the next day's part takes its own cycle, not the one drawn before."""
    text = (
        '[source.a]\nat = ["560 min", "1930 min"]\n[product.p]\nroute = ["a", "oven", "out"]\n'
        '[product.p.step.oven]\ncycle = "60 min"\n'
        f'[station.oven]\ncycle = "1 min"\ncalendar = "early"\noff_shift = "no_start"\n{needs}'
        'window = {limit = "30 min"}\n'
    )
    assert ends(run(text + EARLY + ONE, 3 * 86400.0)) == {0: (590.0, "expired"), 1: (1990.0, "good")}


def test_a_load_loses_only_the_parts_that_are_late() -> None:
    """Two parts wait in the furnace for the operator, who comes at 20 min: the one of 2 min is lost at 12."""
    furnace = 'batch = {max = 2, min = 2}\ncycle = "3 min"\nneeds = ["operator"]\nwindow = {limit = "10 min"}\n'
    stations = f'[station.lathe]\ncycle = "20 min"\nneeds = ["operator"]\n[station.furnace]\n{furnace}'
    found = ends(run(two_products('"lathe"', '"furnace"', stations + ONE, '"2 min", "11 min"')))
    assert found == {0: (20.0, "good"), 1: (12.0, "expired"), 3: (23.0, "good")}


def test_a_part_in_a_machine_goes_back_to_be_heated_again() -> None:
    """Heated 1 to 4 min, waits in the press to 8, heated to 11, loaded and pressed to 13.5."""
    stations = (
        '[station.lathe]\ncycle = "10 min"\nneeds = ["operator"]\n[station.heater]\ncycle = "3 min"\n'
        '[buffer.cold]\nbefore = "heater"\ncapacity = "unlimited"\n[station.press]\ncycle = "2 min"\n'
        'attend.load = {needs = ["operator"], time = "0.5 min"}\nwindow = {limit = "4 min", back_to = "heater"}\n'
    )
    assert ends(run(two_products('"lathe"', '"heater", "press"', stations + ONE)))[1] == (13.5, "good")


HOT = (
    '[source.a]\nat = ["0 min", "{second} min"]\n[product.p]\nroute = ["a", "heater", "press", "out"]\n'
    '[station.heater]\ncycle = "2 min"\n[station.press]\ncycle = "10 min"\n'
    '[station.press.window]\nlimit = "5 min"\nsince = "work"\n'
)


def test_a_part_that_was_blocked_too_long_is_not_handed_over() -> None:
    """Heated at 4 min, it stays in the heater until the press is free at 12."""
    assert ends(run(HOT.format(second=1))) == {0: (12.0, "good"), 1: (12.0, "expired")}


def test_the_wait_for_the_rest_of_a_sublot_counts_since_work() -> None:
    """The first part was heated at 2 min, the sub-lot is complete at 12."""
    lot = '[buffer.lot]\nbefore = "press"\ncapacity = 9\nsublot = 2\n'
    assert ends(run(HOT.format(second=10) + lot)) == {0: (12.0, "expired"), 1: (22.0, "good")}


def test_the_window_holds_for_parts_of_a_sublot_that_did_not_fill() -> None:
    """Two parts go on after 4 min, at 4.1, without a third; the press is busy until 20 min."""
    stations = (
        '[station.saw]\ncycle = "0.1 min"\n[station.press]\ncycle = "20 min"\nwindow = {limit = "5 min"}\n'
        '[buffer.lot]\nbefore = "press"\ncapacity = 9\nsublot = 3\nsublot_wait = "4 min"\n'
        '[product.first.step.press]\ncycle = "24 min"\n'
    )
    found = ends(run(two_products('"press"', '"saw", "press"', stations, '"0 min", "1 min"')))
    assert [round(left, 3) for part, (left, fate) in found.items() if fate == "expired" and part] == [9.1, 9.1]


def test_work_that_was_interrupted_has_begun_in_time() -> None:
    """The plain part begins at 0, gives way from 3 to 7 min, and is done at 14."""
    stations = (
        '[station.mill]\ncycle = "4 min"\ndispatch = "priority"\npreempt = true\nwindow = {limit = "5 min"}\n'
        '[product.first.step.mill]\ncycle = "10 min"\n'
    )
    text = two_products('"mill"', '"mill"', stations, '"3 min"').replace(
        "[product.first]\n", "[product.first]\npriority = 1\n"
    )
    assert ends(run(text)) == {0: (14.0, "good"), 1: (7.0, "good")}


def test_a_place_kept_ahead_is_free_again() -> None:
    """A part that waits for the operator keeps the only place before the oven; the next one needs it."""
    stations = (
        '[station.lathe]\ncycle = "20 min"\nneeds = ["operator"]\n[station.oven]\ncycle = "1 min"\n'
        '[buffer.one]\nbefore = "oven"\ncapacity = 1\n'
        f'[station.press]\n{PRESS}needs = ["operator"]\nblocking = "before"\n'
    )
    found = ends(run(two_products('"lathe"', '"press", "oven"', stations + ONE, '"1 min", "18 min"')))
    assert found == {0: (20.0, "good"), 1: (6.0, "expired"), 3: (23.0, "good")}
