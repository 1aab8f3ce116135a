"""Everything that is published from the event classes: schemas, registry, AsyncAPI, diagrams, examples, tables, the site.

Deterministic: the same build makes the same bytes, so that what is committed can be held against what the classes say.
"""
