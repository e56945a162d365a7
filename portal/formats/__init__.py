"""How days and numbers are written and read: 05/09/2026 and 3.552,5 in both languages of the portal.

Django's own `vi` reads 05/09/2026 as the 9th of May, refuses 25/09/2026 and does not group 3552.
"""
