"""Settings (floor 4): one table of them, from which the command line, the reader of pyproject.toml and the documentation are made."""
