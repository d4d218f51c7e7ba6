"""What to do now: (Turn, Memory) -> Answer. Pure; standard library only."""
