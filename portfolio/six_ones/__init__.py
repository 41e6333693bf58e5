"""The six ones (六个一): the rule, what it looks at, and who stands behind a plan's duties."""
