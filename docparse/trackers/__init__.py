"""Assigned tasks in the tools where work is followed up, and never twice."""
