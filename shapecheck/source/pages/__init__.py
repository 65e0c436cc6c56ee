"""Notebooks and Markdown pages as Python programs, and the way back from a line of the program to the page."""
