"""Calling subscribers: which addresses may be called, the call itself, its signature, and who delivers what."""
