"""The technologies of the root industries: parameters in, dynamics that the engine calls out.

`catalogue.TECHNOLOGIES` lists them. This is the only package that imports `processes`.
"""

import processes
from processes import check_marker

check_marker(processes)
