"""How the reader of the package was trained: from data folders to weights, with one command."""
