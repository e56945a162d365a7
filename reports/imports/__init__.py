"""The sheets of year-end grading."""
