"""Lists: which columns, in which words."""
