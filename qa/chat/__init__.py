"""The chat's pages as text: answers and articles in, escaped HTML out. Nothing here answers, reads or writes."""
