"""Physics of the root technologies: SI numbers in, SI numbers out; knows no factory.

Temperatures are degrees Celsius at the interface, every other quantity is SI. One module per technology; each public
function is its own manual (definition, units, ranges, what it raises, source and status, one example).

Status of a number or formula, in docstrings and in `materials`:

- *read*: the text of the source was seen;
- *recalled*: from memory of the named book or standard, to be checked before it is cited;
- *typical*: a value of the trade, to be replaced by plant data.

`materials.used` lists the rows of the tables that a computation has looked up, and which of them nobody has read.
"""

# An unrelated distribution overwrites this package; `factory_sim.technology` therefore looks for the marker.
MARKER = "ppuri-factory-sim"
