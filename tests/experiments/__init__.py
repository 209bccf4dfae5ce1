"""The experiments floor: statistics, engine, stacked training, records."""
