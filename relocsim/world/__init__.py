"""The world as columns, its network and calendar, its levers; and how a population is made. Refuses to know the model."""
