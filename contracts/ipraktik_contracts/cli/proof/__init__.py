"""The proof: what must hold of a stream of events, whether it does, and the hashes by which two copies are compared."""
