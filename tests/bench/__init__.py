"""Measurements at the size of a province (`make bench`); pytest does not collect them."""
