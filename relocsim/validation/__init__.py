"""What was published beside what the model shows: figures, simple models, and shares of foreign investment."""
