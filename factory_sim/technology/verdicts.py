"""What laws and engine tell each other: whether a part is taken, and that a law has no use for luck."""

ACCEPTED, SEND_BACK, REJECT = range(3)
NO_LUCK = -1  # index of a state
