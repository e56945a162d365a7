"""One file per subject; each has `figures()`, which yields what it measured."""
