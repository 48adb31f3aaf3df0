"""The statistical layer: a spaCy pipeline that sees what no list names, and how its findings join those of the rules. Needs spaCy; loaded on use."""
