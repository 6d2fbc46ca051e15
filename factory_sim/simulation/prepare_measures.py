"""From the measures of a station to rows of the plan; their stops stand after all others of the machine."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from factory_sim.model.distribution import Distribution
from factory_sim.model.measure_schema import CHARTS, Chart, Measure
from factory_sim.model.station_schema import Station
from factory_sim.simulation import trace
from factory_sim.simulation.plan import IMMEDIATE, NEVER, NONE, ON_REQUEST, StopRow, ticks
from factory_sim.simulation.sensor_rows import (
    CUSUM,
    EWMA,
    SHEWHART,
    SORT_INSPECT,
    SORT_SCRAP,
    CauseRow,
    ChartRow,
    FirstRow,
    MeasureRow,
)
from factory_sim.simulation.streams import stream_key

KINDS = dict(zip(CHARTS, (SHEWHART, CUSUM, EWMA), strict=True))
SORTS = {None: NONE, "inspect": SORT_INSPECT, "scrap": SORT_SCRAP}
TICKS_PER_HOUR = ticks(3600.0)
Row = Callable[[Distribution], int]


def stop_names(station: Station) -> list[str]:
    """Return the names of the stops that alarms and checks of a station cause, in the order of `stops`."""
    return [name for name, *_ in _stops(station)]


def _stops(station: Station) -> Iterator[tuple[str, int, Distribution | None, str | None, int]]:
    """Yield name, state, duration (None: known when it begins), crew and priority of the stops of a station."""
    for name, measure in station.measure.items():
        for key, chart in measure.chart.items():
            if chart.adjust is not None:
                yield f"{name}.{key}.adjust", trace.SETUP, chart.adjust, chart.crew, chart.priority
            if chart.stop is not None:
                yield f"{name}.{key}.stop", trace.FAILED, chart.stop, chart.crew, chart.priority
        if measure.first_article is not None:
            first = measure.first_article
            yield f"{name}.first_article", trace.SETUP, None, first.crew, first.priority


def stops(index: int, machine: str, station: Station, row: Row, resources: dict[str, int]) -> Iterator[StopRow]:
    """Yield the stops of one machine that alarms and checks cause."""
    for name, state, duration, crew, priority in _stops(station):
        yield StopRow(
            index, state, ON_REQUEST, IMMEDIATE, NONE, NONE if duration is None else row(duration), 0,
            () if crew is None else (resources[crew],), priority, 0, stream_key(machine, f"measure.{name}"),
        )  # fmt: skip


def holds(station: Station) -> bool:
    """Tell whether anything that is measured at a station may stop its machines."""
    maintained = any(chart.maintenance for measure in station.measure.values() for chart in measure.chart.values())
    return maintained or bool(stop_names(station))


def measure_row(
    machine: str, name: str, measure: Measure, sensors: list[int], defect: int, stop: dict[str, int], row: Row
) -> MeasureRow:
    """Return the row of a measure; `sensors`: of gauge and charts, `stop`: index in the plan by name."""
    key = f"measure.{name}"
    return MeasureRow(
        sensor=sensors[0],
        defect=defect,
        target=measure.target,
        spread=measure.spread,
        setting_error=measure.setting_error,
        drift_per_part=measure.drift_per_part,
        drift_per_tick=measure.drift_per_hour / TICKS_PER_HOUR,
        resets=tuple(stop[each] for each in measure.reset_by),
        causes=tuple(
            CauseRow(row(cause.between), cause.size, stream_key(machine, f"{key}.cause.{each}"))
            for each, cause in measure.cause.items()
        ),
        lower=-math.inf if measure.lower is None else measure.lower,
        upper=math.inf if measure.upper is None else measure.upper,
        gauge_error=measure.gauge_error,
        gauge_drift=measure.gauge_drift_per_hour / TICKS_PER_HOUR,
        calibration=NEVER if measure.calibration_every is None else ticks(measure.calibration_every),
        sample_every=measure.sample_every,
        subgroup=measure.subgroup,
        scraps=measure.reject == "scrap",
        charts=tuple(
            _chart(measure, chart, f"{name}.{each}", sensor, stop)
            for (each, chart), sensor in zip(measure.chart.items(), sensors[1:], strict=True)
        ),
        first=_first(machine, name, measure, stop, row),
        stream=stream_key(machine, key),
        setting_stream=stream_key(machine, f"{key}.setting"),
        gauge_stream=stream_key(machine, f"sensor.{name}"),
        sort_stream=stream_key(machine, f"sensor.{name}.sort"),
    )


def _chart(measure: Measure, chart: Chart, name: str, sensor: int, stop: dict[str, int]) -> ChartRow:
    return ChartRow(
        sensor=sensor,
        kind=KINDS[chart.kind],
        limit=chart.limit,
        k=chart.k,
        h=chart.h,
        weight=chart.weight,
        exact_limits=chart.exact_limits,
        sigma=math.hypot(measure.spread, measure.gauge_error) if chart.sigma is None else chart.sigma,
        stop=stop.get(f"{name}.stop", NONE),
        adjust=stop.get(f"{name}.adjust", NONE),
        maintenance=NONE if chart.maintenance is None else stop[chart.maintenance],
        sort=SORTS[chart.sort],
    )


def _first(machine: str, name: str, measure: Measure, stop: dict[str, int], row: Row) -> FirstRow | None:
    first = measure.first_article
    if first is None:
        return None
    return FirstRow(
        parts=first.parts,
        time=NONE if first.time is None else row(first.time),
        adjust=row(first.adjust),
        stop=stop[f"{name}.first_article"],
        after=tuple(stop[each] for each in first.after),
        stream=stream_key(machine, f"measure.{name}.first_article.time"),
        adjust_stream=stream_key(machine, f"measure.{name}.first_article.adjust"),
    )
