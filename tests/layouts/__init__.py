"""Workbooks as offices keep them, W1 to W5, each with all its quirks, or clean without them. All people are invented."""
