"""How many runs a study saves by giving up scenarios early, against as many runs of every scenario.

Some replications of each scenario give means and covariances of the net present values. A study is then drawn from them
many times, as normal values: by procedure KN, as `selection = "kn"` runs it, the baseline running along. Against it
stand two equal numbers of runs that promise the same. One is that of a two-stage procedure which, like KN, has to
estimate the variances from a first stage and holds for any correlation (Clark & Yang 1986: n = t^2 S^2 / indifference^2
with the greatest variance S^2 of a difference and Bonferroni's t). The other is the smallest that would do if the
covariances were known: the best is selected with the probability when each other one is worse by just the indifference.
No study knows them; it is the bound of what is possible without giving up scenarios early.

    python benchmarks/selection.py STUDY [--scenarios a,b] [--mode MODE] [--days N] [--replications N] [--json]
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from factory_sim.model import Study, read_study
from factory_sim.model.study_schema import BASELINE
from factory_sim.model.units import DAY
from factory_sim.study.pool import Pool
from factory_sim.study.selection import select
from factory_sim.study.settings import respond

Values = NDArray[np.float64]
SHARES = (1.0, 0.5, 0.25)  # indifference, of the difference between the best and the next
PROBABILITY, FIRST, MOST = 0.95, 10, 100_000
STUDIES, LUCK = 100, 40_000  # drawn
SEED = 2026


def values_of(study: Study, scenarios: list[str], mode: str, replications: int, cache: Path | None) -> Values:
    """Return the net present values of replications (rows) of the baseline and the scenarios (columns). [KRW]"""
    with Pool(None, cache) as pool:
        (found,) = respond(study, [{}], scenarios, mode, replications, pool)
    return np.array([found.npvs[name] for name in (BASELINE, *scenarios)]).T


def equal_runs(covariance: Values, indifference: float) -> int:
    """Return the smallest number of runs of each scenario that promises the selection if the covariances are known.

    >>> equal_runs(np.array([[0.5, 0.0], [0.0, 0.5]]), 0.1)  # (1.645 / 0.1)^2 = 271 but for the luck of the draws
    274
    """
    luck = np.random.Generator(np.random.Philox(key=SEED)).multivariate_normal(
        np.zeros(len(covariance)), covariance, LUCK, method="eigh"
    )
    lead = [np.quantile((luck - luck[:, [best]]).max(axis=1), PROBABILITY) for best in range(len(covariance))]
    return int(np.ceil((max(lead) / indifference) ** 2))


def two_stage_runs(first: Values, indifference: float) -> int:
    """Return the runs of each scenario that a first stage (replications, scenarios) asks for, of all as many."""
    from scipy.stats import t

    count, scenarios = len(first), len(first[0])
    spread = max(float(np.var(first[:, [one]] - first, axis=0, ddof=1).max()) for one in range(scenarios))
    quantile = float(t.ppf(1.0 - (1.0 - PROBABILITY) / (scenarios - 1), count - 1))
    return max(count, math.ceil(quantile**2 * spread / indifference**2))


def runs_of_studies(mean: Values, covariance: Values, indifference: float) -> tuple[float, float, float]:
    """Return the mean number of runs in all, by KN and in two stages, and the share of studies in which KN is right."""
    runs, equal, right = [], [], 0
    for number in range(STUDIES):
        luck = np.random.Generator(np.random.Philox(key=[SEED, number]))
        rows = np.empty((0, len(mean)))

        def draw(some: tuple[int, ...], begin: int, end: int) -> list[list[float]]:
            nonlocal rows
            if end > len(rows):
                more = luck.multivariate_normal(mean, covariance, max(end - len(rows), len(rows)), method="eigh")  # noqa: B023
                rows = np.vstack([rows, more])
            return rows[begin:end, list(some)].tolist()  # type: ignore[no-any-return]

        found = select(draw, len(mean), indifference, PROBABILITY, FIRST, MOST)
        runs.append(max(found.counts) + sum(found.counts[1:]))  # the baseline, the first, runs along
        equal.append(len(mean) * two_stage_runs(rows[:FIRST], indifference))
        right += bool(mean[found.best] > mean.max() - indifference)
    return float(np.mean(runs)), float(np.mean(equal)), right / STUDIES


def compared(values: Values) -> list[dict[str, float]]:
    """Return for each indifference what both ways take."""
    mean, covariance = values.mean(axis=0), np.cov(values.T)
    first, second = np.sort(mean)[-1:-3:-1]
    found = []
    for share in SHARES:
        indifference = share * float(first - second)
        known = len(mean) * max(FIRST, equal_runs(covariance, indifference))
        kn, equal, right = runs_of_studies(mean, covariance, indifference)
        row = {"indifference_krw": indifference, "kn": kn, "two_stage": equal, "known_variances": known}
        found.append(row | {"ratio": kn / equal, "ratio_known": kn / known, "right": right})
    return found


def main() -> int:
    """Measure and print; exit code 1 if the procedure selects badly more often than it promises."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", help="file of the study")
    parser.add_argument("--scenarios", default="", help="some of its scenarios, with commas; default: all")
    parser.add_argument("--mode", default="", help="demand mode; default: the first")
    parser.add_argument("--days", type=float, default=7.0, help="measured time of a run")
    parser.add_argument("--warmup", type=float, default=7.0, help="days before that")
    parser.add_argument("--replications", type=int, default=24, help="from which means and covariances are taken")
    parser.add_argument("--cache", type=Path, default=None, help="directory in which the runs are kept")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    options = parser.parse_args()
    study = read_study(options.study)
    run = {"horizon": options.days * DAY, "warmup": options.warmup * DAY}
    study = study.model_copy(update={"study": study.study.model_copy(update=run)})
    scenarios = options.scenarios.split(",") if options.scenarios else [n for n in study.scenarios if n != BASELINE]
    mode = options.mode or study.demand_modes[0]
    found = compared(values_of(study, scenarios, mode, options.replications, options.cache))
    if options.json:
        sys.stdout.write(
            json.dumps({"scenarios": [BASELINE, *scenarios], "mode": mode, "rows": found}, indent=2) + "\n"
        )
    else:
        sys.stdout.write(f"{', '.join([BASELINE, *scenarios])}; {mode}; runs in all, for P(correct) {PROBABILITY}\n")
        for row in found:
            sys.stdout.write(
                f"indifference {row['indifference_krw'] / 1e6:.0f} M KRW: KN {row['kn']:.0f}, two stages "
                f"{row['two_stage']:.0f}, known variances {row['known_variances']:.0f}; ratios {row['ratio']:.2f} and "
                f"{row['ratio_known']:.2f}; KN selects well in {row['right']:.3f}\n"
            )
    return int(any(row["right"] < 0.925 for row in found))


if __name__ == "__main__":
    sys.exit(main())
