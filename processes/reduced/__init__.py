"""Reduced models of the states of a plant: what an event loop calls while it runs.

| module | state | reduced from |
|---|---|---|
| `billet` | temperature of a billet that waits or is reheated | heat conduction in a round bar |
| `melt` | enthalpy and mass of a holding furnace | freezing of a layer of metal |
| `bath` | concentration and temperature of a plating bath | single loads, evaporation |
| `furnace_load` | temperature and soak clock of a furnace load | heat conduction in a plate |
| `interpass` | temperature of a welded part and of its joint | field of a moving source |
| `mould` | temperature of an injection mould, scrap outside its window | conduction over a row of channels |
| `tool` | share of the life of an edge | Taylor's equation with changing speed |
| `web` | exposure of the web in an oven | diffusion of water in the web |
| `build` | layers of a powder-bed build, accumulated hazard | single layers |
| `die` | temperature of a die that runs, stands or is heated | section with cooling channels |

Each module has constants that index a list of parameters `p` and a list of states `x`, and scalar functions over them:
indexing, floats and `math` only, so that a compiler can take them. They check nothing; `compile_parameters` does, once.

- `compile_parameters(...) -> p`: from plain SI numbers, degrees Celsius.
- `initial(p) -> x`.
- `advance(p, x, dt, mode) -> (energy, heat)`: let `dt` seconds pass; energy taken from its carrier and heat given to
  the surroundings, joules. Zero seconds change nothing, and two times give what one of their sum gives.
- `begin`, `finish` and others: a part begins, ends, is taken or put in. They take no time.
- `time_to(p, x, mode, variable, level) -> float`: seconds until a state stands at a level, `math.inf` if never.
- `calibrate(...)` in some: runs a kernel of `processes.kernels` for a parameter that the reduced model needs.

How large the error of each reduction is, and where it fails, is measured by the tests and told in
`docs/reduced_models.md`. Importing this package imports neither Numba nor NumPy nor SciPy.
"""
