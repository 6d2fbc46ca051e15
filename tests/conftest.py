"""Settings of all tests."""

from hypothesis import settings

# A deadline would judge the machine, not the code: the first example may import SciPy, and others may be at work.
settings.register_profile("factory_sim", deadline=None)
settings.load_profile("factory_sim")
