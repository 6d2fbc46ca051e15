"""What a trace says: states, key figures, and how sure they are."""
