"""Workbooks as offices keep them, W1 to W5, with all their quirks or clean. All people are invented."""
