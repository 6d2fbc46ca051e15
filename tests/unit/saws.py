"""A small study for tests of the runner: a saw and a mill, what each run takes is some hundredths of a second."""

from __future__ import annotations

from pathlib import Path

from factory_sim.model import Study, read_study

PLANT = """
[plant]
name = "Saw and mill"
[source.bars]
weekly_volume = 1500
[sink.pieces]
[product.piece]
route = ["bars", "saw", "mill", "pieces"]
price = "6000 KRW"
material = "1800 KRW"
[station.saw]
cycle = {exponential = "15 min"}
yield = 0.95
power = {working = "20 kW"}
[station.saw.failure.jam]
between = {exponential = "4 h"}
repair = {exponential = "20 min"}
[buffer.rack]
before = "mill"
capacity = 3
[station.mill]
cycle = "14 min"
[staff.crew]
positions = 3
cost = "60e6 KRW/yr"
"""
STUDY = """
[study]
question = "Which one?"
plant = "plant.toml"
{head}
horizon = "1 week"
warmup = "1 week"
seed = 5
{tables}
[investment.nothing]
set = {{"station.mill.cycle" = "14 min"}}
money = {{capex = "50e6 KRW"}}
[investment.blade]
factor = {{"station.saw.cycle" = {{triangular = [0.8, 0.85, 0.9]}}}}
money = {{capex = "20e6 KRW"}}
[investment.guide]
factor = {{"station.saw.failure.jam.between" = 2.0}}
money = {{capex = "20e6 KRW"}}
[investment.second]
set = {{"station.saw.machines" = 2}}
money = {{capex = "300e6 KRW"}}
"""
KN = 'selection = "kn"'
PRECISION = '[precision]\nindifference = "60e6 KRW"\nfirst_stage = 5\nmost_replications = 60'


def write(folder: Path, head: str = "replications = 3", tables: str = "", more: str = "") -> Path:
    """Write plant and study into a folder and return the file of the study."""
    (folder / "plant.toml").write_text(PLANT, encoding="utf-8")
    file = folder / "study.toml"
    file.write_text(STUDY.format(head=head, tables=tables) + more, encoding="utf-8")
    return file


def study(folder: Path, head: str = "replications = 3", tables: str = "", more: str = "") -> Study:
    """Return the study, read from a folder in which it is written."""
    return read_study(write(folder, head, tables, more))
