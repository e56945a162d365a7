"""The ground floor: who you are, where you stand, and what was written down."""
