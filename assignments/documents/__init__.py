"""Papers about recommendations, ready to be numbered and signed."""
