"""From the sensors and defects of a plant to rows of the plan, and the names that belong to their indices."""

from __future__ import annotations

from typing import NamedTuple

from factory_sim.model.schema import Plant
from factory_sim.model.sensor_checks import made_only_by_downgrade
from factory_sim.model.sensor_schema import OF_YIELD, REJECTS, Sensor
from factory_sim.model.station_schema import Station
from factory_sim.simulation import prepare_measures
from factory_sim.simulation.line_machines import machines_of
from factory_sim.simulation.plan import NONE
from factory_sim.simulation.sensor_rows import (
    DOWNGRADE,
    FORM,
    GO_ON,
    HOLD,
    JUDGE,
    NOTE,
    REWORK,
    SCRAP,
    DefectRow,
    InspectionRow,
    QualityRow,
)
from factory_sim.simulation.streams import stream_key

INSPECTION, GAUGE, CHART = "inspection", "gauge", "chart"  # kinds of sensor
DECISIONS = dict(zip(REJECTS, (SCRAP, REWORK, DOWNGRADE, NOTE), strict=True))


class SensorName(NamedTuple):
    """What a sensor of the trace is called: it belongs to one machine of a station."""

    station: str
    machine: str
    name: str
    kind: str  # inspection, gauge or chart


def causes(plant: Plant) -> tuple[tuple[str, str], ...]:
    """Return station and name of the causes of defects; number 0 of the trace is no cause, 1 is the first of these."""
    return tuple((name, cause) for name, station in plant.station.items() for cause in causes_of(station))


def causes_of(station: Station) -> list[str]:
    """Return the defects that parts can take with them from a station."""
    limited = [name for name, measure in station.measure.items() if (measure.lower, measure.upper) != (None, None)]
    return [*([] if station.yield_seen else [OF_YIELD]), *station.defect, *limited]


def sensors(plant: Plant) -> tuple[SensorName, ...]:
    """Return the names of the sensors of the trace, machine by machine."""
    return tuple(
        SensorName(name, machine, sensor, kind)
        for name in plant.station
        for machine, like in machines_of(plant, name)
        for sensor, kind in _sensors_of(like)
    )


def _sensors_of(station: Station) -> list[tuple[str, str]]:
    """Return name and kind of the sensors of one machine."""
    found = [(sensor, INSPECTION) for sensor in station.sensor]
    for name, measure in station.measure.items():
        found += [(name, GAUGE), *((f"{name}.{chart}", CHART) for chart in measure.chart)]
    return found


def sent_back_to(name: str, station: Station) -> str | None:
    """Return the station to which a station sends parts back, None if it sends none back; no blind sensor does."""
    if station.rework or station.billet is not None:
        return station.rework_to or name
    back = [
        sensor.rework_to or name
        for sensor in station.sensor.values()
        if sensor.reject == "rework" and (sensor.detection or sensor.false_reject)
    ]
    return back[0] if back else None


def feeds(plant: Plant, source: str) -> list[int]:
    """Return the products that begin at a source, without those that parts only become by a downgrade."""
    made = made_only_by_downgrade(plant.raw)
    return [
        index for index, (name, product) in enumerate(plant.product.items())
        if product.route[0] == source and name not in made
    ]  # fmt: skip


def verbs(station: Station, back: list[int]) -> list[int]:
    """Return the end of a program, before the part leaves; `back`: the verb that sends a share of the parts back."""
    form = [FORM] if causes_of(station) or station.measure or station.repairs else []
    look = [JUDGE] if station.sensor or station.measure else []
    return [*form, *back, *look, *([HOLD, GO_ON] if prepare_measures.holds(station) else [])]


def quality_rows(plant: Plant, row: prepare_measures.Row, stops: dict[str, dict[str, int]]) -> tuple[QualityRow, ...]:
    """Return a row for each machine; none if no part can be defective and nothing looks for it.

    `row` gives the index of a distribution, `stops` that of a stop by machine and name.
    """
    if not any(causes_of(one) or one.sensor or one.measure or one.repairs for one in plant.station.values()):
        return ()
    numbers = {cause: number for number, cause in enumerate(causes(plant), start=1)}
    index = {(each.machine, each.name): number for number, each in enumerate(sensors(plant))}
    return tuple(
        _row(plant, name, like, machine, numbers, index, row, stops)
        for name in plant.station
        for machine, like in machines_of(plant, name)
    )


def _row(
    plant: Plant,
    name: str,
    station: Station,
    machine: str,
    numbers: dict[tuple[str, str], int],
    index: dict[tuple[str, str], int],
    row: prepare_measures.Row,
    stops: dict[str, dict[str, int]],
) -> QualityRow:
    defects = [
        DefectRow(numbers[name, defect], table.share, stream_key(machine, f"defect.{defect}"))
        for defect, table in station.defect.items()
    ]
    inspections = [
        _inspection(plant, name, machine, sensor, table, numbers, index[machine, sensor])
        for sensor, table in station.sensor.items()
    ]
    measures = [
        prepare_measures.measure_row(
            machine,
            key,
            measure,
            [index[machine, key], *(index[machine, f"{key}.{chart}"] for chart in measure.chart)],
            numbers.get((name, key), NONE),
            stops[machine],
            row,
        )
        for key, measure in station.measure.items()
    ]
    made = tuple(defects), tuple(inspections), tuple(measures)
    return QualityRow(numbers.get((name, OF_YIELD), NONE), *made, station.repairs, stream_key(machine, "repairs"))


def _inspection(
    plant: Plant,
    station: str,
    machine: str,
    name: str,
    sensor: Sensor,
    numbers: dict[tuple[str, str], int],
    index: int,
) -> InspectionRow:
    to = sensor.downgrade_to
    return InspectionRow(
        sensor=index,
        causes=tuple(number for (_, cause), number in numbers.items() if cause in (sensor.causes or (cause,))),
        detection=sensor.detection,
        false_reject=sensor.false_reject,
        every=sensor.every,
        reject=DECISIONS[sensor.reject],
        repaired=sensor.repaired,
        attempts=NONE if sensor.attempts is None else sensor.attempts,
        product=NONE if to is None else list(plant.product).index(to),
        step=NONE if to is None else plant.product[to].route.index(station) - 1,
        stream=stream_key(machine, f"sensor.{name}"),
        repair_stream=stream_key(machine, f"sensor.{name}.repair"),
    )
