"""Strict JSON schemas of everything that deploy/k8s holds: unknown fields are mistakes."""
