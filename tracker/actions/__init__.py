"""What changes facts: each action writes all the rows of one event, with who, when and why.

Pages, admin, imports and commands call these; nothing else writes campaign facts.
"""
