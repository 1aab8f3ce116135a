"""Pages of the three parties of a placement, and the public page on which an agreement's fingerprint is checked."""
