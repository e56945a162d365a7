"""The sheets of people and of what they follow."""
