"""The figures that five newspaper articles tell, as sheets that the portal imports. See docs/articles.md."""
