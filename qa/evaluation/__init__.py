"""Answers scored by script: the same figures from the same files, with no model and no judge."""
