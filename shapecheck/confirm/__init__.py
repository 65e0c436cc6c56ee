"""Torch has the last word: what a finding accuses is run in a child process, and what comes of it is said (floor 4)."""
