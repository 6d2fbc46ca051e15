"""`python -m factory_sim` is `factory-sim`."""

from factory_sim.cli import main

if __name__ == "__main__":
    main()
