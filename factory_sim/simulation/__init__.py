"""The run: plan (numbers), streams (luck), rules (who goes first), engine and cells, trace (what happened)."""
