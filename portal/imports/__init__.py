"""Rosters from Excel: a sheet is read, checked against what the portal knows, shown, and only then written.

`kinds` says what a kind of sheet declares, `reading`, `checking` and `applying` are the three steps, `engine` is what
pages and commands call. Nothing is written into the tables of the subject before `applying`.
"""
