"""Reading the workbooks of offices: safely, without their personal columns, and with the true place of every cell.

`workbook` opens a file in a child process, `layout` finds the heading and yields rows by field, `cells` reads values,
`personal` knows the columns that the portal never takes.
"""
