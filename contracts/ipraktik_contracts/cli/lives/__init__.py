"""A fictional edition: who signs up, who is matched, what becomes of it. Nobody is real; every life is one that the lifecycles allow.

The same seed tells the same edition, to the byte, so two runs can be compared by their hashes.
"""
