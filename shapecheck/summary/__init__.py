"""`shapecheck summary`: what a model is made of, call by call, read from its source."""

from shapecheck.summary.follow import summarize
from shapecheck.summary.result import Row, Summary, Unfollowed
from shapecheck.summary.target import TargetError

__all__ = ["Row", "Summary", "TargetError", "Unfollowed", "summarize"]
