"""The middle floor: who follows which place, what they saw, what was asked and how it was answered."""
