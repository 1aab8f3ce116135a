"""The puzzle as a network: persons, seats, and who may sit where. `core` is the arithmetic, `seating` its door."""
