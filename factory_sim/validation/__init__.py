"""What shows that the simulator is right: reference cases of the physics."""
