"""What can be found (floor 1): one object a kind of finding, and the form of a report."""
