"""Every replication of a study as tables: CSV, Parquet and Excel."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from factory_sim.results.measures import Kpis
from factory_sim.study.compare import Comparison

if TYPE_CHECKING:
    import pandas as pd

SHEET = 1_048_575  # rows of an Excel sheet below its head


def frame_of(comparison: Comparison) -> pd.DataFrame:
    """Return one row for each key figure of each replication.

    Columns: demand_mode, scenario, replication, of (`plant`, `station` or `product`), name, figure, value, unit. Net
    present value and benefit of a scenario are figures of the plant.
    """
    import pandas as pd

    rows: list[tuple[str, str, int, str, str, str, float, str]] = []
    for mode, outcomes in comparison.modes.items():
        for name, outcome in outcomes.items():
            for number, measures in enumerate(outcome.measures):
                start = (mode, name, number)
                rows += (
                    (*start, *about, figure, kpi.value, kpi.unit)
                    for about, kpis in _tables(measures.plant, measures.kpis, measures.stations, measures.products)
                    for figure, kpi in kpis.items()
                )
                if outcome.worth is not None:
                    flow = outcome.worth.flows[number]
                    rows.append((*start, "plant", measures.plant, "npv", flow.npv, "KRW"))
                    rows.append((*start, "plant", measures.plant, "benefit", flow.benefit, "KRW/yr"))
    columns = ["demand_mode", "scenario", "replication", "of", "name", "figure", "value", "unit"]
    return pd.DataFrame(rows, columns=columns)


def _tables(
    plant: str, kpis: Kpis, stations: dict[str, Kpis], products: dict[str, Kpis]
) -> list[tuple[tuple[str, str], Kpis]]:
    return [
        (("plant", plant), kpis),
        *((("station", name), each) for name, each in stations.items()),
        *((("product", name), each) for name, each in products.items()),
    ]


def write_replications(comparison: Comparison, directory: str | os.PathLike[str]) -> list[str]:
    """Write replications.csv, .parquet and .xlsx into a directory; return which could not be written, and why.

    Raises
    ------
    OSError  If nothing can be written there.
    """
    frame, folder = frame_of(comparison), Path(directory)
    missing = []
    _whole(folder / "replications.csv", lambda path: frame.to_csv(path, index=False))
    if find_spec("pyarrow") is None:
        missing.append("replications.parquet not written: install pyarrow")
    else:
        _whole(folder / "replications.parquet", lambda path: frame.to_parquet(path, index=False, engine="pyarrow"))
    if find_spec("openpyxl") is None:
        missing.append("replications.xlsx not written: install ppuri-factory-sim[excel]")
    elif len(frame) > SHEET:
        missing.append(f"replications.xlsx not written: {len(frame)} rows are more than a sheet of Excel holds")
    else:
        _whole(folder / "replications.xlsx", lambda path: _excel(frame, path))
    return missing


def _excel(frame: pd.DataFrame, path: Path) -> None:
    """Write a sheet for the plant with a row for each replication, and one with all figures."""
    import pandas as pd

    plant = frame[frame["of"] == "plant"].copy()
    plant["figure"] += " [" + plant["unit"] + "]"
    keys = ["demand_mode", "scenario", "replication"]
    wide = plant.pivot_table(index=keys, columns="figure", values="value", sort=False, dropna=False, observed=True)
    wide = wide.dropna(how="all").reset_index()
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        wide.to_excel(writer, sheet_name="replications", index=False)
        frame.to_excel(writer, sheet_name="figures", index=False)
    _undate(path)


def _undate(path: Path) -> None:
    """Take out of a workbook when it was written, so that a study that is run again writes the same bytes."""
    with ZipFile(path) as book:
        parts = [(part.filename, book.read(part)) for part in book.infolist()]
    with ZipFile(path, "w") as book:
        for name, content in parts:
            if name == "docProps/core.xml":
                content = re.sub(rb"<dcterms:(created|modified)\b.*?</dcterms:\1>", b"", content)
            book.writestr(ZipInfo(name), content, ZIP_DEFLATED)


def _whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file to the side and rename it, so that it is there whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=path.suffix)
    os.close(handle)
    side = Path(name)
    try:
        write(side)
        side.replace(path)
    except BaseException:
        side.unlink(missing_ok=True)
        raise
