"""Investments, scenarios, the runner, and the decision: what pays, and how sure that is."""
