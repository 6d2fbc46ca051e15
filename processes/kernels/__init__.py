"""Numerical kernels of the physics: grids, batches and fields where a closed form does not reach.

| module | solves | scheme |
|---|---|---|
| `lumped` | one temperature per body; convection, radiation; one or 10^6 | RK4 in the logarithm of the difference |
| `slab` | plane wall, long cylinder, sphere; batches of parts | implicit Euler or TR-BDF2, Thomas in lanes |
| `billet`, `diffusion` | induction heating; carburising; drying of a web | as `slab` |
| `quench` | the same in a bath whose film goes with the temperature of the surface | as `slab`, film by iteration |
| `enthalpy`, `casting` | freezing of plates in batches; of any shape in its mould | explicit, conservative enthalpy |
| `section` | die section with cooling channels and spray | Peaceman-Rachford ADI, damped start |
| `block` | rectangular block | Douglas-Gunn ADI, damped start, step control |
| `fields` | temperature under a moving weld source | sums and quadratures of exact solutions |
| `cases` | the models of the reference cases, solved on grids | |
| `reference` | NumPy twins, the same to the last bit | |

A public function checks and allocates; its core, in a private module, only computes and is compiled at its first call
(some seconds, then kept on disk). Importing this package or its public modules imports neither Numba nor SciPy.
"""
