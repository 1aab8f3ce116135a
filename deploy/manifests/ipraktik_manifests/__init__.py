"""Tools for the manifests in deploy/k8s. Part of no image."""
