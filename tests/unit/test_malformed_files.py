"""Malformed files, one per kind of mistake: one problem each, on the right line, with words that help."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from factory_sim.model import InputError, Problem, check, read, read_study

DATA = Path(__file__).parent / "data"
PLANT = (DATA / "plant.toml").read_text(encoding="utf-8")
STUDY = (DATA / "study.toml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Case:
    """`old` of the valid file becomes `new`; the problem stands in the line of `new` in which `@` stands, or its first.

    `words` must all be in the message.
    """

    name: str
    old: str
    new: str
    key: str
    words: tuple[str, ...]


def case(name: str, old: str, new: str, key: str, *words: str) -> Case:
    return Case(name, old, new, key, words)


def spoilt(valid: str, entry: Case) -> tuple[str, int]:
    """Return the malformed text and the line of the mistake."""
    assert valid.count(entry.old) == 1, f"'{entry.old}' must stand once in the valid file"
    before = valid[: valid.index(entry.old)]
    mark = entry.new.index("@") if "@" in entry.new else 0
    line = (before + entry.new[:mark]).count("\n") + 1
    return valid.replace(entry.old, entry.new.replace("@", "")), line


def problems(function: object, path: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        function(path)  # type: ignore[operator]
    return caught.value.problems


def assert_one(found: tuple[Problem, ...], path: Path, line: int, entry: Case) -> None:
    assert [(problem.file, problem.line, problem.key) for problem in found] == [(str(path), line, entry.key)], found
    for words in entry.words:
        assert words in found[0].message
    assert str(found[0]).startswith(f"{path}:{line}: {entry.key}" if entry.key else f"{path}:{line}: ")


SUPPLY = '[energy]\ntariff = "industrial_b_high_voltage_a_2"\ndate = "2026-05"\ncontract = "900 kW"\n'
JAM = "failure.jam = {between = {exponential = "
PLANT_CASES = [
    # places and masses
    case("no length", "machines = 1", 'machines = 1\nat = {x = "12 s", y = "4 m"}@', "station.hpdc.at.x", "a time", "a length"),
    case("some without a place", "[station.melt]", '[station.melt]\nat = {x = "1 m", y = "1 m"}', "station.hpdc", "no place", "station.hpdc.at"),
    case("floor for nothing", 'calendar = "two_shifts"\nhours', 'calendar = "two_shifts"\n@floor = {width = "20 m", depth = "9 m"}\nhours', "plant.floor", "nothing stands"),
    case("charge below the part", 'price = "480e3 KRW"', 'price = "480e3 KRW"\nmass = {part = "62 kg", @charge = "60 kg"}', "product.housing.mass.charge", "at least part, 62 kg"),
    case("melt loss in percent", 'price = "480e3 KRW"', 'price = "480e3 KRW"\n@mass = {part = "62 kg", melt_loss = 4}', "product.housing.mass.melt_loss", "write 0.04"),
    # keys
    case("unknown key", "machines = 1", "machnes = 1", "station.hpdc.machnes", "unknown key", "did you mean 'machines'?"),
    case("unknown key, nothing near", "machines = 1", "xq = 1", "station.hpdc.xq", "keys here: label"),
    case("unknown key inline", '{working = "550 kW"', '{workin = "550 kW"', "station.hpdc.power.workin", "'working'"),
    case(
        "unknown key in a list of tables",
        '    {days = "Mon-Fri", from = "14:00", to = "22:00"},',
        '    {days = "Mon-Fri", from = "14:00", to = "22:00", until = 3},',
        "calendar.two_shifts.shifts[1].until",
        "unknown key",
    ),
    case("unknown table", "[economics]", "[economic]", "economic", "unknown table", "did you mean 'economics'?"),
    case("missing key", 'cycle = {lognormal = {mean = "60 s", cv = 0.2}}', "", "station.melt.cycle", "missing", "Time of"),
    case("missing key inline", ', repair = {erlang = {mean = "15 min", stages = 2}}}', "}", "station.xray.failure.jam.repair", "missing"),
    case("name in capitals", "[staff.crew]", '[staff."Crew 1"]', "staff.Crew 1", "is no name", "write crew_1"),
    # units
    case("wrong dimension", 'every = "8 h"', 'every = "8 kW"', "station.hpdc.planned.die_service.every", "a power", "a time"),
    case("unknown unit", 'load = "40 s"', 'load = "40 sek"', "station.hpdc.load", "unknown unit 'sek'", "did you mean 'sec'?"),
    case("unknown unit inside", '"165 KRW/kWh"', '"165 KRW/kwh"', "economics.electricity", "did you mean 'KRW/kWh'?"),
    case("bare number", 'load = "40 s"', "load = 40", "station.hpdc.load", '40 has no unit; write a time such as "40 s"'),
    case("bare number in quotes", 'load = "40 s"', 'load = "40"', "station.hpdc.load", 'such as "40 s"'),
    case("no number", 'load = "40 s"', 'load = "s"', "station.hpdc.load", "does not begin with a number"),
    case("unit at a pure number", "loss = 0.03", 'loss = "3 %"', "station.hpdc.loss", "pure number", "write 0.03"),
    case("unit at a whole number", "machines = 1", 'machines = "1 s"', "station.hpdc.machines", "pure number"),
    case("list entry without unit", '"480 min", "600 min"', '"480 min", 600', "source.inserts.at[2]", "has no unit"),
    # numbers
    case("yield above one", "yield = 0.9", "yield = 1.2", "station.hpdc.yield", "at most 1", "not 1.2"),
    case("yield in per cent", "yield = 0.9", "yield = 90", "station.hpdc.yield", "for 90 % write 0.9"),
    case("yield of zero", "yield = 0.9", "yield = 0", "station.hpdc.yield", "greater than 0"),
    case("escapes above one", "escapes = 800e-6", "escapes = 800", "product.housing.escapes", "at most 1"),
    case("loss of everything", "loss = 0.03", "loss = 1.0", "station.hpdc.loss", "less than 1"),
    case("negative buffer", "capacity = 84", "capacity = -1", "buffer.dosing.capacity", "at least 0", "not -1"),
    case("buffer of a half", "capacity = 84", "capacity = 0.5", "buffer.dosing.capacity", "not a whole number"),
    case("word for a buffer", '"unlimited"', '"endless"', "buffer.rack.capacity", '"unlimited"'),
    case("buffer too full", "initial = 4", "initial = 85", "buffer.dosing.initial", "do not fit into 84 places"),
    case("nan", "loss = 0.03", "loss = nan", "station.hpdc.loss", "not a finite number"),
    case("inf", "loss = 0.03", "loss = inf", "station.hpdc.loss", "not a finite number"),
    case("nan at a quantity", 'load = "40 s"', "load = nan", "station.hpdc.load", "not a finite number"),
    case("nan with a unit", 'load = "40 s"', 'load = "nan s"', "station.hpdc.load", "not a finite number"),
    case("too great for a float", 'load = "40 s"', 'load = "1e999 s"', "station.hpdc.load", "not a finite number"),
    case("longer than any clock", 'load = "40 s"', 'load = "1e20 s"', "station.hpdc.load", "at most"),
    case("negative time", 'load = "40 s"', 'load = "-40 s"', "station.hpdc.load", "greater than 0", "not -40 s"),
    case("zero time", 'every = "8 h"', 'every = "0 h"', "station.hpdc.planned.die_service.every", "at least 1 s"),
    case("zero cycle", '{lognormal = {mean = "60 s", cv = 0.2}}', '"0 s"', "station.melt.cycle", "greater than 0"),
    case("negative money", '"302680 KRW"', '"-302680 KRW"', "product.housing.material", "at least 0"),
    case("arrivals out of order", '"480 min", "600 min"', '"600 min", "480 min"', "source.inserts.at", "sort them"),
    case("interval and at", 'at = ["0 min"', 'interval = "9 s"\n@at = ["0 min"', "source.inserts.at", "not both"),
    # types
    case("text for a whole number", "machines = 1", 'machines = "two"', "station.hpdc.machines", "is a text"),
    case("bool for a number", "loss = 0.03", "loss = true", "station.hpdc.loss", "true is true or false", "number"),
    case("number for a text", 'label = "Housing"', "label = 5", "product.housing.label", "put it in quotes"),
    case("empty text", 'label = "Housing"', 'label = " "', "product.housing.label", "empty"),
    case("text for a list", 'needs = ["operators"]', 'needs = "operators"', "station.hpdc.needs", "a list is needed"),
    case("value for a table", '[staff.crew]\npositions = 9\ncost = "149.3e6 KRW/yr"', "[staff]\n@crew = 9", "staff.crew", "9 stands where a table"),
    case("date", 'date = "2026-11"', "date = 2026-11-01", "evidence[1].date", "put it in quotes"),
    case("tables without a list", "shifts = [{days", "shifts = {days", "", "not TOML"),
    case("word not allowed", 'when = "after_cycle"', 'when = "after"', "station.hpdc.planned.die_service.when", "unknown mom"),
    # distributions
    case("triangular out of order", '"118 s", "124 s", "142 s"', '"124 s", "118 s", "142 s"', "station.hpdc.cycle.triangular", "in this order", "124 s, 118 s, 142 s"),
    case("triangular of two", '"118 s", "124 s", "142 s"', '"118 s", "124 s"', "station.hpdc.cycle.triangular", "3 values"),
    case("wrong unit in a list", '"118 s", "124 s"', '"118 s", "124 W"', "station.hpdc.cycle.triangular[1]", "a power"),
    case("shares not one", "share = 0.8", "share = 0.7", "station.xray.cycle.choice", "must sum to 1, not 0.9"),
    case("share negative", "share = 0.8", "share = -0.8", "station.xray.cycle.choice[1].share", "at least 0"),
    case("unknown distribution", "{lognormal", "{lognormale", "station.melt.cycle.lognormale", "did you mean 'lognormal'?"),
    case("two distributions", JAM + '"20 h"}', JAM + '"20 h", constant = "3 s"}', "station.xray.failure.jam.between", "exactly one name"),
    case("distribution without a name", '{triangular = ["118 s", "124 s", "142 s"]}', '["118 s", "124 s", "142 s"]', "station.hpdc.cycle", "name of a distribution"),
    case("parameter missing", "{shape = 1.4, mean", "{mean", "station.hpdc.failure.breakdown.between.weibull", "needs shape"),
    case("parameter unknown", "{shape = 1.4, mean", "{shap = 1, shape = 1.4, mean", "station.hpdc.failure.breakdown.between.weibull.shap", "did you mean 'shape'?"),
    case("negative cv", "cv = 0.8", "cv = -0.8", "station.hpdc.failure.breakdown.repair.gamma.cv", "greater than 0"),
    case("mean zero", JAM + '"20 h"', JAM + '"0 h"', "station.xray.failure.jam.between.exponential", "greater than 0"),
    # routes
    case("unknown tariff", '[economics]\nelectricity = "165 KRW/kWh"', f"{SUPPLY.replace('_2', '_3')}[economics]".replace("tariff", "@tariff"), "energy.tariff", "unknown tariff", "did you mean"),
    case("tariff too early", '[economics]\nelectricity = "165 KRW/kWh"', f"{SUPPLY.replace('2026-05', '2020-05')}[economics]".replace("date", "@date"), "energy.date", "is not known on 2020-05-01", "2024-10-24"),
    case("no date", '[economics]\nelectricity = "165 KRW/kWh"', f"{SUPPLY.replace('2026-05', '2026-13')}[economics]".replace("date", "@date"), "energy.date", "is no date"),
    case("contract too small", '[economics]\nelectricity = "165 KRW/kWh"', f"{SUPPLY.replace('900 kW', '200 kW')}[economics]".replace("contract", "@contract"), "energy.contract", "is for 300 kW and more"),
    case("two prices", '[economics]\nelectricity = "165 KRW/kWh"\ngas = "78 KRW/kWh"', f"{SUPPLY}[economics]\ngas = \"0 KRW/J\"\n@electricity = \"165 KRW/kWh\"", "economics.electricity", "remove one of them"),
    case("unreachable station", "[economics]", '[station.saw]\ncycle = "9 s"\n[economics]', "station.saw", "in no route"),
    case("unused source", "[sink.finished]", "[source.spare]\n[sink.finished]", "source.spare", "in no route"),
    case("unused sink", "[sink.finished]", "[sink.finished]\n@[sink.waste]", "sink.waste", "in no route"),
    case("route ends nowhere", '"xray", "finished"]\nprice', '"xray"]\nprice', "product.housing.route[3]", "ends at a sink", "finished"),
    case("route begins nowhere", '["ingots", "melt"', '["melt"', "product.housing.route[0]", "begins at a source"),
    case("unknown name in a route", '"melt", "hpdc"', '"melt", "hpcd"', "product.housing.route[2]", "did you mean 'hpdc'?"),
    case("source inside a route", '["inserts", "xray"', '["inserts", "ingots", "xray"', "product.bracket.route[1]", "only stand first"),
    case("share alone", '480e3 KRW"', '480e3 KRW"\n@share = 0.5', "product.housing.share", "only this product"),
    case("shares missing", "[economics]", '[product.third]\nshare = 0.5\nroute = ["ingots", "xray", "finished"]\n[economics]', "product.housing", "needs a share of its parts"),
    case("shares of 1.5", "[economics]", '[source.two]\n[product.a]\nshare = 0.5\nroute = ["two", "xray", "finished"]\n[product.b]\n@share = 1\nroute = ["two", "xray", "finished"]\n[economics]', "product.b.share", "must sum to 1, not 1.5"),
    case("step elsewhere", "[economics]", '[product.housing.step.saw]\ncycle = "9 s"\n[economics]', "product.housing.step.saw", "does not visit"),
    case("cycles too many", "[economics]", '[product.housing.step.xray]\n@cycles = ["9 s", "8 s"]\n[economics]', "product.housing.step.xray.cycles", "1 times"),
    case("cycle and cycles", "[economics]", '[product.housing.step.xray]\n@cycle = "9 s"\ncycles = ["8 s"]\n[economics]', "product.housing.step.xray.cycle", "either"),
    case("rework to later", "machines = 1", 'machines = 1\nrework = 0.1\n@rework_to = "xray"', "station.hpdc.rework_to", "have not been at"),
    case("order of a pushed product", "[economics]", '[[order]]\n@product = "bracket"\n[economics]', "order[0].product", "orders say when"),
    case("order of nothing", "[economics]", '[[order]]\n@product = "brackets"\n[economics]', "order[0].product", "did you mean 'bracket'?"),
    case("cards and volume", "weekly_volume", "cards = 4\n@weekly_volume", "source.ingots.weekly_volume", "closed loop"),
    case("lot of what is there", "weekly_volume", "@lot = 4\nweekly_volume", "source.ingots.lot", "needs interval"),
    case("dispatch rule", "machines = 1", 'machines = 1\n@dispatch = "sptt"', "station.hpdc.dispatch", "did you mean 'spt'?"),
    case("empty route", '["inserts", "xray", "finished"]', "[]", "product.bracket.route", "the route is empty"),
    case("no station in a route", '["inserts", "xray", "finished"]', '["inserts", "finished"]', "product.bracket.route", "no station"),
    # names
    case("one name for station and sink", "[sink.finished]", "[sink.finished]\n@[sink.melt]", "sink.melt", "already"),
    case("unknown resource", 'needs = ["operators"]', 'needs = ["opertor"]', "station.hpdc.needs[0]", "no resource 'opertor'", "'operators'"),
    case("unknown crew", 'crew = "maintenance"', 'crew = "repair"', "station.hpdc.failure.breakdown.crew", "no resource"),
    case("unknown calendar", 'calendar = "nights"', 'calendar = "night"', "station.xray.calendar", "did you mean 'nights'?"),
    case("unknown plant calendar", 'calendar = "two_shifts"', 'calendar = "x"', "plant.calendar", "two_shifts, nights"),
    case("unknown station before a buffer", 'before = "xray"', 'before = "xrai"', "buffer.rack.before", "no station"),
    case("two buffers", 'before = "xray"', 'before = "hpdc"', "buffer.rack.before", "'dosing'", "already"),
    case("needs a resource twice", 'needs = ["operators"]', 'needs = ["operators", "operators"]', "station.hpdc.needs[1]", "twice"),
    case("needs more than there are", "units = 2", "units = 0", "station.hpdc.needs[0]", "operators.units is 0"),
    case("load without needs", 'needs = ["operators"]\nload', "load", "station.hpdc.load", "without needs"),
    case("evidence of nothing", '"station.*.cycle"', '"station.*.cycel"', "evidence[0].keys[0]", "no key"),
    # vehicles
    case("no move", '"melt -> hpdc"', '"melt to hpdc"', "vehicle.forklift.moves[0]", "is no move", '"press -> oven"'),
    case("move of an unknown station", '"hpdc -> xray"', '"hpdc -> xrai"', "vehicle.forklift.moves[1]", "no station 'xrai'", "'xray'"),
    case("move of no route", '["melt -> hpdc"', '["melt -> hpdc", "melt -> xray"', "vehicle.forklift.moves[1]", "no route makes the move"),
    case("move twice", '["melt -> hpdc"', '["melt -> hpdc", "melt -> hpdc"', "vehicle.forklift.moves[1]", "named twice"),
    case("distance missing", '{from = "hpdc", to = "xray", distance = "35 m"}', "", "vehicle.forklift.moves[1]", "distance from hpdc to xray is missing"),
    case("empty drive missing", 'distance = "35 m"}', 'distance = "35 m", one_way = true}', "vehicle.forklift.moves[0]", "from xray to melt, driven empty"),
    case("way to nowhere", 'to = "xray", distance = "35 m"}', 'to = "xray", distance = "35 m"}, {from = "hpdc", to = "xrai", distance = "1 m"}', "vehicle.forklift.way[2].to", "nothing is", "'xray'"),
    case("way without length", ', distance = "20 m"', "", "vehicle.forklift.way[0].distance", "either distance or time"),
    case("way to itself", 'from = "melt", to = "hpdc"', 'from = "melt", to = "melt"', "vehicle.forklift.way[0].to", "to itself"),
    case("no speed", 'speed = "1.5 m/s"', "", "vehicle.forklift.speed", "need the speed"),
    case("capacity of a vehicle", 'speed = "1.5 m/s"', 'speed = "1.5 m/s"\n@capacity = 0', "vehicle.forklift.capacity", "at least 1"),
    case("home at no point", 'speed = "1.5 m/s"', 'speed = "1.5 m/s"\n@home = "melk"', "vehicle.forklift.home", "no way leads to 'melk'", "'melt'"),
    case("battery never empties", 'energy = "120 Wh/km"', "", "vehicle.forklift.battery", "never empties"),
    case("unknown charger", 'duration = "20 min"', 'duration = "20 min"\n@needs = "charger"', "vehicle.forklift.battery.needs", "no resource 'charger'"),
    case("failure of a vehicle", 'energy = "120 Wh/km"', 'energy = "120 Wh/km"\n@failure.mast = {between = "9 h", repair = "1 h", clock = "working", cost = "9 KRW"}', "vehicle.forklift.failure.mast.cost", "only failure modes of stations"),
    case("unserved move", '"melt -> hpdc", "hpdc -> xray"', '"hpdc -> xray"', "station.melt.by_vehicle", "no vehicle makes the move melt -> hpdc"),
    # calendars
    case("overlapping shifts", '{days = "Mon-Fri", from = "14:00"', '{days = "Mon-Fri", from = "13:00"', "calendar.two_shifts.shifts[1]", "overlaps with shift 1", "Mon 13:00"),
    case("wrong clock", 'from = "14:00"', 'from = "14.00"', "calendar.two_shifts.shifts[1].from", "no time of day"),
    case("no such hour", 'from = "14:00"', 'from = "25:00"', "calendar.two_shifts.shifts[1].from", "no time of day"),
    case("wrong day", '"Mon,Wed,Sun"', '"Mon,Wed,Sunny"', "calendar.nights.shifts[0].days", "unknown day", "'Sun'"),
    case("day twice", '"Mon,Wed,Sun"', '"Mon-Wed,Tue"', "calendar.nights.shifts[0].days", "Tue is named twice"),
    case("overtime inside a shift", 'shifts = [{days = "Mon,Wed,Sun", from = "22:00", to = "06:00"}]', 'shifts = [{days = "Mon,Wed,Sun", from = "22:00", to = "06:00"}]\novertime = [{@days = "Tue", from = "04:00", to = "07:00"}]', "calendar.nights.overtime[0]", "overlaps with shift 1", "Tue 04:00"),
    case("overtime on no day", "[source.ingots]", '[calendar.more]\nshifts = [{days = "Mon", from = "08:00", to = "17:00"}]\n@overtime = [{from = "18:00", to = "19:00"}]\n[source.ingots]', "calendar.more.overtime[0].days", "days or dates"),
    case("holiday without a beginning", "[source.ingots]", 'holidays = [3, "05-05"]\n[source.ingots]', "calendar.nights.holidays[1]", "plant.begins"),
    case("no such day", "[source.ingots]", 'holidays = ["02-30"]\n[source.ingots]', "calendar.nights.holidays[0]", "no day"),
    case("day zero", "[source.ingots]", "holidays = [0]\n[source.ingots]", "calendar.nights.holidays[0]", "counted from 1"),
    case("begins on no Monday", 'calendar = "two_shifts"\n', 'calendar = "two_shifts"\n@begins = "2026-01-01"\n', "plant.begins", "no Monday", "2025-12-29"),
    case("no shifts", '[{days = "Mon,Wed,Sun", from = "22:00", to = "06:00"}]', "[]", "calendar.nights.shifts", "at least one"),
    # technology and mode
    case("unknown technology", '"casting.high_pressure"', '"casting.high_presure"', "station.hpdc.technology", "casting.high_pressure"),
    case("die without technology", 'technology = "casting.high_pressure"\n', "", "station.hpdc.die", "only technology"),
    case("window upside down", '"180 degC"', '"280 degC"', "station.hpdc.die.window_high", "above window_low"),
    case("yield and physics", "physics_scrap = 0.073", "physics_scrap = 0.2", "station.hpdc.die.physics_scrap", "at most 1"),
    case("dwell longer than the cycle", 'dwell = "42 s"', 'dwell = "420 s"', "station.hpdc.die.dwell", "fit into the cycle"),
    case("mode without volume", '"sold_out"', '"fixed_volume"', "source.inserts", "weekly_volume is missing"),
    case("unknown mode", '"sold_out"', '"fixed"', "plant.demand_mode", "unknown demand mode", "fixed_volume"),
    # defects and sensors
    case("recall and miss", "[station.xray.batch]", "[station.xray.sensor.eye]\nrecall = 0.9\n@miss = 0.1\n[station.xray.batch]", "station.xray.sensor.eye.miss", "one of them"),
    case("recall in per cent", "[station.xray.batch]", "[station.xray.sensor.eye]\n@recall = 90\n[station.xray.batch]", "station.xray.sensor.eye.recall", "write 0.9"),
    case("cause that nobody makes", "[station.xray.batch]", "[station.xray.defect.pores]\nshare = 0.1\n[station.xray.sensor.eye]\n@causes = [\"pore\"]\n[station.xray.batch]", "station.xray.sensor.eye.causes[0]", "did you mean 'pores'?"),
    case("rework forwards", 'load = "40 s"', 'load = "40 s"\n@sensor.eye = {reject = "rework", rework_to = "xray"}', "station.hpdc.sensor.eye.rework_to", "have not been at 'xray'"),
    case("rework to nowhere", 'load = "40 s"', 'load = "40 s"\n@sensor.eye = {rework_to = "melt"}', "station.hpdc.sensor.eye.rework_to", 'without reject = "rework"'),
    case("two places for rework", 'load = "40 s"', 'load = "40 s"\nrework = 0.1\n@sensor.eye = {reject = "rework", rework_to = "melt"}', "station.hpdc.sensor.eye.rework_to", "to 'hpdc' already"),
    case("downgrade to nothing", 'load = "40 s"', 'load = "40 s"\n@sensor.eye = {reject = "downgrade"}', "station.hpdc.sensor.eye.reject", "needs downgrade_to"),
    case("downgrade elsewhere", 'load = "40 s"', 'load = "40 s"\n@sensor.eye = {reject = "downgrade", downgrade_to = "bracket"}', "station.hpdc.sensor.eye.downgrade_to", "must visit 'hpdc' once"),
    case("downgrade to an unknown product", 'load = "40 s"', 'load = "40 s"\n@sensor.eye = {reject = "downgrade", downgrade_to = "braket"}', "station.hpdc.sensor.eye.downgrade_to", "did you mean 'bracket'?"),
    case("unseen yield of 1", "[station.melt]", "[station.melt]\n@yield_seen = false", "station.melt.yield_seen", "no effect"),
    case("defect called yield", "[station.xray.batch]", "[station.xray.defect.yield]\nshare = 0.1\n[station.xray.batch]", "station.xray.defect.yield", "another name"),
    # stops and spares
    case("failure without a clock time", 'between = {weibull = {shape = 1.4, mean = "14 h"}}', "", "station.hpdc.failure.breakdown.between", "clock working needs it"),
    case("time on a clock of parts", JAM + '"20 h"}', 'failure.jam = {clock = "parts", @between = {exponential = "20 h"}', "station.xray.failure.jam.between", "write amount"),
    case("minimal repair of a life", "{exponential = " + '"20 h"}', '{uniform = ["2 h", "3 h"]}, @after_repair = "as_old"', "station.xray.failure.jam.after_repair", "use weibull or exponential"),
    case("warning that nobody looks for", JAM + '"20 h"}', 'failure.jam = {@warning = "2 h", between = {exponential = "20 h"}', "station.xray.failure.jam.warning", "nobody looks"),
    case("inspection of nothing", JAM + '"20 h"}', 'failure.jam = {@inspection = {every = "2 h"}, replacement = {duration = "1 h"}, between = {exponential = "20 h"}', "station.xray.failure.jam.inspection", "needs warning"),
    case("replacement never due", 'age = "60 h"\n', "", "station.hpdc.failure.breakdown.replacement", "never due"),
    case("replacement in parts", 'age = "60 h"', "amount = 60", "station.hpdc.failure.breakdown.replacement.amount", "write age"),
    case("first on another clock", 'first = "4 h"', 'clock = "working"\n@first = "4 h"', "station.hpdc.planned.die_service.first", "only clock open"),
    case("window in parts", 'first = "4 h"', "window_amount = 50", "station.hpdc.planned.die_service.window_amount", "write window"),
    case("renews what is not there", 'first = "4 h"', 'renews = ["breakdwn"]', "station.hpdc.planned.die_service.renews[0]", "did you mean 'breakdown'?"),
    case("alongside what is not there", 'every = "8 h"\nfirst = "4 h"', '@alongside = "xray.service"', "station.hpdc.planned.die_service.alongside", "no planned stop"),
    case("new die inside a shot", 'when = "after_cycle"', 'when = "immediate"\n@new_die = true', "station.hpdc.planned.die_service.new_die", "not changed inside a shot"),
    case("new die of a machine without", 'failure.jam = {', 'planned.clean = {every = "8 h", duration = "9 min", @new_die = true}\nfailure.jam = {', "station.xray.planned.clean.new_die", "has no die"),
    case("wear without a table", 'every = "8 h"\nfirst = "4 h"', 'clock = "wear"\namount = 50', "station.hpdc.planned.die_service.clock", "[station.hpdc.wear]"),
    case("wear of a product", "[economics]", "[product.housing.step.hpdc]\n@wear = 2\n[economics]", "product.housing.step.hpdc.wear", "no effect"),
    case("spare that nothing takes", "[spare.pump]", '[spare.seal]\nstock = 1\nlead_time = "2 h"\n[spare.pump]', "spare.seal", "nothing takes"),
    case("unknown spare", 'spare = "pump"', 'spare = "pomp"', "station.hpdc.failure.breakdown.spare", "did you mean 'pump'?"),
    case("spare that never comes", "stock = 2", "stock = 0", "station.hpdc.failure.breakdown.replacement", "stock is 0"),
    case("rule without a spare", 'first = "4 h"', 'without_spare = "run_on"', "station.hpdc.planned.die_service.without_spare", "name the spare"),
    case("finding that waits for nothing", JAM + '"20 h"}', 'failure.jam = {warning = "2 h", replacement = {duration = "1 h"}, inspection = {every = "2 h", @act = "next_planned"}, between = {exponential = "20 h"}', "station.xray.failure.jam.inspection.act", "no planned stop"),
    # measures
    case("limits upside down", 'load = "40 s"', 'load = "40 s"\n@measure.size = {target = 1, lower = 2, upper = 1}', "station.hpdc.measure.size.upper", "above lower"),
    case("sample too large", 'load = "40 s"', 'load = "40 s"\n@measure.size = {target = 1, subgroup = 2}', "station.hpdc.measure.size.subgroup", "sample_every"),
    case("nothing to reject by", 'load = "40 s"', 'load = "40 s"\n@measure.size = {target = 1, reject = "scrap"}', "station.hpdc.measure.size.reject", "needs a limit"),
    case("sorting without limits", 'load = "40 s"', 'load = "40 s"\n@measure.size = {target = 1, spread = 1, chart.x = {sort = "inspect"}}', "station.hpdc.measure.size.chart.x.sort", "needs lower or upper"),
    case("chart without a spread", 'load = "40 s"', 'load = "40 s"\n@measure.size = {target = 1, chart.x = {}}', "station.hpdc.measure.size.chart.x", "write sigma"),
    case("unknown chart", 'load = "40 s"', 'load = "40 s"\n@measure.size = {target = 1, spread = 1, chart.x = {kind = "cusm"}}', "station.hpdc.measure.size.chart.x.kind", "'cusum'"),
    case("crew for nothing", 'load = "40 s"', 'load = "40 s"\n@measure.size = {target = 1, spread = 1, chart.x = {crew = "maintenance"}}', "station.hpdc.measure.size.chart.x.crew", "no effect"),
    case("no such maintenance", 'load = "40 s"', 'load = "40 s"\n@measure.size = {target = 1, spread = 1, chart.x = {maintenance = "die_servce"}}', "station.hpdc.measure.size.chart.x.maintenance", "did you mean 'die_service'?"),
    case("set by no stop", 'load = "40 s"', 'load = "40 s"\n@measure.size = {target = 1, reset_by = ["die_servce"]}', "station.hpdc.measure.size.reset_by[0]", "did you mean 'die_service'?"),
    case("first article without setups", 'load = "40 s"', 'load = "40 s"\n@measure.size = {target = 1, upper = 2, first_article = {adjust = "1 min"}}', "station.hpdc.measure.size.first_article", "no planned stop 'setup'"),
    case("measure named as a sensor", 'load = "40 s"', 'load = "40 s"\nsensor.eye = {}\n@measure.eye = {target = 1}', "station.hpdc.measure.eye", "name of a sensor"),
    case("measured furnace", "[station.xray.batch]", "@[station.xray.measure.size]\ntarget = 1\n[station.xray.batch]", "station.xray.measure", "several parts at once"),
    # TOML
    case("value missing", "machines = 1", "machines =", "", "not TOML", "machines ="),
    case("value without quotes", 'load = "40 s"', "load = 40 s", "", "not TOML", "quotes"),
    case("text not closed", 'load = "40 s"', 'load = "40 s', "", "not TOML", "quote"),
    case("list not closed", 'needs = ["operators"]', 'needs = ["operators"', "", "not TOML", "]"),
    case("header not closed", "[economics]", "[economics", "", "not TOML"),
    case("no statement", "machines = 1", "machines", "", "not TOML", "key = value"),
    case("key twice", "machines = 1", "machines = 1\n@machines = 2", "station.hpdc.machines", "given twice"),
    case("table twice", "[economics]", "[station.melt]\n[economics]", "station.melt", "given twice, first in line"),
]  # fmt: skip

SPECIAL = {
    "some without a place": "[station.hpdc]",
    "shares missing": "[product.housing]",  # where the mistake shows itself elsewhere than in the changed line
    "missing key": "[station.melt]",
    "missing key inline": JAM,
    "die without technology": "[station.hpdc.die]",
    "needs more than there are": "needs = [",
    "window upside down": "window_high",
    "mode without volume": "[source.inserts]",
    "way without length": "way = [",
    "no speed": "[vehicle.forklift]",
    "battery never empties": "[vehicle.forklift.battery]",
    "distance missing": "moves = [",
    "empty drive missing": "moves = [",
    "unserved move": "by_vehicle = true",
    "failure without a clock time": "[station.hpdc.failure.breakdown]",
    "replacement never due": "[station.hpdc.failure.breakdown.replacement]",
    "wear without a table": 'clock = "wear"',
    "unknown spare": "spare =",
    "spare that nothing takes": "[spare.seal]",
    "spare that never comes": "[station.hpdc.failure.breakdown.replacement]",
}


@pytest.mark.parametrize("entry", PLANT_CASES, ids=lambda entry: entry.name)
def test_malformed_plant(entry: Case, tmp_path: Path) -> None:
    text, line = spoilt(PLANT, entry)
    if entry.name in SPECIAL:
        line = text[: text.index(SPECIAL[entry.name])].count("\n") + 1
    path = tmp_path / "plant.toml"
    path.write_text(text, encoding="utf-8")
    assert_one(problems(read, path), path, line, entry)


STUDY_CASES = [
    case("unknown key", "replications = 16", "replication = 16", "study.replication", "did you mean 'replications'?"),
    case("unknown path", "die.release_temperature\"", "die.release_temprature\"", "investment.thermography.set.station.hpdc.die.release_temprature", "did you mean 'station.hpdc.die.release_temperature'?"),
    case("unknown station in a path", '"station.hpdc.yield"', '"station.hpcd.yield"', "investment.spray.shift.station.hpcd.yield", "did you mean 'station.hpdc.yield'?"),
    case("path to a table", '"station.hpdc.needs" = ["robot"]', '"station.hpdc.power" = 3', "investment.robot.set.station.hpdc.power", "is a table", "working, idle, off"),
    case("path without quotes", '{"station.hpdc.tool.life" = 1.1,', "{station.hpdc.tool.life = 1.1,", "investment.spray.factor.station", "needs quotes"),
    case("wrong unit of a set value", '"175 degC"', '"175 kW"', "investment.thermography.set.station.hpdc.die.release_temperature", "a power", "a temperature"),
    case("wrong unit of a shift", '"-10 s", "-6 s"', '"-10 s", "-6 W"', "investment.spray.shift.station.hpdc.cycle.triangular[1]", "a power", "a time"),
    case("bare shift", '"-5 K"', "-5", "investment.thermography.shift.station.hpdc.die.window_low", "has no unit", "-5 K"),
    case("factor with a unit", '.life" = 1.1', '.life" = "1.1 s"', "investment.spray.factor.station.hpdc.tool.life", "pure number"),
    case("set out of range", 'capacity" = 90', 'capacity" = -90', "investment.robot.set.buffer.dosing.capacity", "at least 0"),
    case("shift out of range", '.yield" = 0.015', '.yield" = 0.15', "investment.spray.shift.station.hpdc.yield", "0.9", "at most 1"),
    case("shift against another key", '"-5 K"', '"80 K"', "investment.thermography.shift.station.hpdc.die.window_low", "must be above window_low"),
    case("shift below zero", '"-10 s", "-6 s"', '"-120 s", "-6 s"', "investment.spray.shift.station.hpdc.cycle", "out of its range"),
    case("shift of nothing", '{"station.hpdc.die.window_low" = "-5 K"}', '{"station.melt.load" = "-5 s"}', "investment.thermography.shift.station.melt.load", "gives no", "use set"),
    case("shift of a name", '{"station.hpdc.die.window_low" = "-5 K"}', '{"station.hpdc.off_shift" = 1}', "investment.thermography.shift.station.hpdc.off_shift", "no shift; use set"),
    case("set to an unknown resource", '"station.hpdc.needs" = ["robot"]', '"station.hpdc.needs" = ["robbot"]', "investment.robot.set.station.hpdc.needs", "leaves the plant wrong", "'robot'"),
    case("added table wrong", "{units = 1}", "{units = 1, unit = 1}", "investment.robot.add.resource.robot", "unknown key 'unit'"),
    case("added twice", '"resource.robot"', '"resource.operators"', "investment.robot.add.resource.operators", "there already"),
    case("added nowhere", '"resource.robot"', '"resorce.robot"', "investment.robot.add.resorce.robot", "no table can be added"),
    case("removed nothing", '["station.hpdc.load"]', '["station.xray.load"]', "investment.robot.remove[0]", "nothing to remove"),
    case("removed what is needed", '["station.hpdc.load"]', '["station.hpdc.cycle"]', "investment.robot.remove[0]", "is needed"),
    case("unknown investment", '["spray", "robot"]', '["spray", "robbot"]', "scenario.both.investments[1]", "no investment 'robbot'", "'robot'"),
    case("investment twice", '["spray", "robot"]', '["spray", "spray"]', "scenario.both.investments[1]", "named twice"),
    case("scenario called baseline", "[scenario.warm]", "[scenario.baseline]", "scenario.baseline", "another name"),
    case("negative capex", '"350e6 KRW"', '"-350e6 KRW"', "investment.thermography.money.capex", "at least 0", "-350e6 KRW"),
    case("capex missing", 'money.capex = "180e6 KRW"', 'money.opex = "1 KRW/yr"', "investment.robot.money.capex", "missing"),
    case("life of zero", '"8 yr"', '"0 yr"', "investment.thermography.money.life", "at least 1 week"),
    case("negative life", '"8 yr"', '"-8 yr"', "investment.thermography.money.life", "at least 1 week", "-8 yr"),
    case("share above one", "share = 0.5", "share = 50", "investment.thermography.money.subsidy.share", "at most 1"),
    case("no share, no programme", 'subsidy = {share = 0.5, cap = "280e6 KRW"}', 'subsidy = {cap = "280e6 KRW"}', "investment.thermography.money.subsidy.share", "name of a programme"),
    case("unknown programme", 'subsidy = {share = 0.5, cap = "280e6 KRW"}', 'subsidy = {programme = "robots"}', "investment.thermography.money.subsidy.programme", "unknown programme"),
    case("programme without date", 'subsidy = {share = 0.5, cap = "280e6 KRW"}', 'subsidy = {programme = "robot_demonstration"}', "investment.thermography.money.subsidy.programme", "needs study.date"),
    case("programme of another time", 'horizon = "6 weeks"\nwarmup = "1 week"\nseed = 2026\n', 'horizon = "6 weeks"\ndate = "2018-05"\n[investment.other]\nmoney.capex = "1 KRW"\nmoney.benefit.sold_out = "1 KRW/yr"\n@money.subsidy.programme = "robot_demonstration"\n', "investment.other.money.subsidy.programme", "does not hold on 2018-05-01", "2021-01-01"),
    case("shares of stages", 'capex = "350e6 KRW"', 'capex = "350e6 KRW"\n@stages = [{at = "0 s", share = 0.4}]', "investment.thermography.money.stages", "must sum to 1, not 0.4"),
    case("stages out of order", 'capex = "350e6 KRW"', 'capex = "350e6 KRW"\n@stages = [{at = "1 yr", share = 0.4}, {at = "0 s", share = 0.6}]', "investment.thermography.money.stages", "sort them"),
    case("stop of one payment", 'capex = "350e6 KRW"', 'capex = "350e6 KRW"\n@may_stop = true', "investment.thermography.money.may_stop", "needs stages"),
    case("source of nothing", 'capex = "350e6 KRW"', 'capex = "350e6 KRW"\n@sources = {opx = "offer"}', "investment.thermography.money.sources.opx", "did you mean 'opex'?"),
    case("life outside its class", 'capex = "350e6 KRW"', 'capex = "350e6 KRW"\nasset_class = "life_5"\n@depreciation_years = 8', "investment.thermography.money.depreciation_years", "allows 4 to 6 years"),
    case("lender and rate", "[finance]", '[finance]\n@loan = {share = 0.5, rate = 0.04, lender = "bank"}', "finance.loan.rate", "either rate, or lender"),
    case("lender without date", "[finance]", '[finance]\n@loan = {share = 0.5, lender = "bank"}', "finance.loan.lender", "needs study.date"),
    case("grace too long", "[finance]", '[finance]\n@loan = {share = 0.5, rate = 0.04, years = 3, grace_years = 3}', "finance.loan.grace_years", "less than the 3 years"),
    case("minimum above tax", "[finance]", '[finance]\n@minimum_tax_rate = 0.5', "finance.minimum_tax_rate", "must not exceed"),
    case("size without date", "[finance]", '[finance]\n@firm_size = "small"', "finance.firm_size", "needs study.date"),
    case("draws and a selection", "replications = 16\nhorizon = \"6 weeks\"\nwarmup = \"1 week\"\nseed = 2026", '@parameter_draws = 4\nselection = "half_width"\n[precision]\nhalf_width = "1e6 KRW"', "study.parameter_draws", "needs selection"),
    case("unknown credit", 'credit = "general"', 'credit = "generell"', "investment.thermography.money.credit", "'general'"),
    case("credit rate", "general = 0.10", "general = 10", "finance.tax_credit.general", "at most 1", "write 0.1"),
    case("no whole weeks", '"6 weeks"', '"10 days"', "study.horizon", "1.43 weeks", "whole weeks"),
    case("no whole weeks before", '"1 week"', '"36 h"', "study.warmup", "whole weeks"),
    case("unknown demand mode", '["sold_out"]', '["sold_out", "orders"]', "study.demand_modes[1]", "unknown demand mode"),
    case("mode without volume", '["sold_out"]', '["sold_out", "fixed_volume"]', "study.demand_modes[1]", "source.inserts.weekly_volume"),
    case("demand mode twice", '["sold_out"]', '["sold_out", "sold_out"]', "study.demand_modes[1]", "named twice"),
    case("no such plant", '"plant.toml"', '"plantt.toml"', "study.plant", "there is no file", "did you mean 'plant.toml'?"),
    case("one replication", "replications = 16", "replications = 1", "study.replications", "at least 2"),
    case("empty investment", "[scenario.both]", '[investment.idle]\nmoney.capex = "1 KRW"\n[scenario.both]', "investment.idle", "changes nothing"),
]  # fmt: skip


@pytest.mark.parametrize("entry", STUDY_CASES, ids=lambda entry: entry.name)
def test_malformed_study(entry: Case, tmp_path: Path) -> None:
    text, line = spoilt(STUDY, entry)
    if entry.name == "capex missing":
        line = text[: text.index("money.opex")].count("\n") + 1
    (tmp_path / "plant.toml").write_text(PLANT, encoding="utf-8")
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    assert_one(problems(read_study, path), path, line, entry)


def test_plant_of_a_study_is_reported_in_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "plant.toml").write_text(PLANT.replace("machines = 1", "machins = 1"), encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY.replace('"175 degC"', '"175 s"'), encoding="utf-8")
    found = problems(read_study, tmp_path / "study.toml")
    assert [Path(problem.file).name for problem in found] == ["study.toml", "plant.toml"]
    assert found[1].key == "station.hpdc.machins"


@pytest.mark.parametrize(
    ("name", "content", "line", "words"),
    [
        ("empty", b"", 1, "empty"),
        ("blank", b"\n  \n\n", 1, "empty"),
        ("only comments", b"# nothing\n", 1, "only comments"),
        ("not UTF-8", '[plant]\nname = "a"\nname_ko = "주조"\n'.encode("cp949"), 3, "not UTF-8"),
        ("UTF-16", "[plant]".encode("utf-16"), 1, "not UTF-8"),
        ("NUL", b'[plant]\nname = "a\x00b"\n', 2, "not TOML"),
        ("old Macintosh", b"[plant]\rname = 3\r", 1, "not TOML"),
        ("nested too deeply", b"[plant]\nname = " + b"[" * 9999, 1, "nested too deeply"),
        ("number of 9999 digits", b"[plant]\nname = " + b"9" * 9999 + b"\n\nx = 1\n", 2, "digits"),
    ],
)
def test_bytes_that_are_no_plant(name: str, content: bytes, line: int, words: str, tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    path.write_bytes(content)
    for function in (read, read_study):
        found = problems(function, path)
        assert any(problem.line == line and words in problem.message for problem in found), found


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "no.toml", "no such file"), (tmp_path, "folder"), (Path("a\0b"), "cannot be read")):
        found = problems(read, path)
        assert [(problem.file, problem.line, problem.key) for problem in found] == [(str(path), 1, "")]
        assert words in found[0].message


def test_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    path.write_bytes(b"\xef\xbb\xbf" + PLANT.replace("\n", "\r\n").encode())
    assert read(path).name == "Small casting cell"


def test_all_problems_at_once_and_in_order(tmp_path: Path) -> None:
    text = PLANT.replace('"14:00", to = "22:00"', '"14", to = "22:00"').replace("machines = 1", "machins = 1")
    text = text.replace("yield = 0.9", "yield = nan").replace('"xray", "finished"]\nprice', '"xray"]\nprice')
    text = text.replace('"165 KRW/kWh"', '"165 KRW/kWx"').replace('idle = "180 kW"', 'idle = 180, ldle = "1 W"')
    path = tmp_path / "plant.toml"
    path.write_text(text, encoding="utf-8")
    found = problems(read, path)
    assert [problem.key for problem in found] == [
        "calendar.two_shifts.shifts[1].from",
        "product.housing.route[3]",
        "station.hpdc.machins",
        "station.hpdc.yield",
        "station.hpdc.power.idle",
        "station.hpdc.power.ldle",
        "economics.electricity",
    ]
    lines = text.split("\n")
    for problem, stood in zip(found, ['"14"', "route", "machins", "yield", "power", "power", "KRW/kWx"], strict=True):
        assert stood in lines[problem.line - 1]
    assert check([path]) == list(found)


def test_past_syntax_errors_the_rest_is_read(tmp_path: Path) -> None:
    """Two syntax errors, an unclosed list among them, and mistakes before and after; nothing is called missing."""
    text = PLANT.replace('["operators"]', '["operators"').replace("life = 125000", "life = 125 000")
    text = text.replace('"149.3e6 KRW/yr"', '"149.3e6 KRW"').replace('"78 KRW/kWh"', '"78"')
    path = tmp_path / "plant.toml"
    path.write_text(text, encoding="utf-8")
    found = problems(read, path)
    lines = text.split("\n")
    assert [(lines[problem.line - 1].split(" = ")[0], problem.key) for problem in found] == [
        ("cost", "staff.crew.cost"),
        ("needs", ""),
        ("life", ""),
        ("gas", "economics.gas"),
    ]


def test_check_tells_plants_from_studies_and_reports_each_problem_once(tmp_path: Path) -> None:
    assert check([DATA / "plant.toml", DATA / "study.toml"]) == []
    plant, study = tmp_path / "plant.toml", tmp_path / "study.toml"
    plant.write_text(PLANT.replace("machines = 1", "machins = 1"), encoding="utf-8")
    study.write_text(STUDY, encoding="utf-8")
    assert len(check([plant, study])) == 1
    assert len(check([plant, tmp_path / "none.toml"])) == 2


def test_the_wrong_kind_of_file_is_called_so() -> None:
    assert "is a study" in problems(read, DATA / "study.toml")[0].message
    assert "is a plant" in problems(read_study, DATA / "plant.toml")[0].message
