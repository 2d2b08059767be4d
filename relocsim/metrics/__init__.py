"""Pure functions: arrays in, numbers out. Each states definition, unit and source. Refuses to know the model."""
