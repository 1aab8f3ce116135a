"""`python -m ipraktik_manifests write`: bring topics, users and the migrations' names in deploy/k8s to what the code says."""

import sys

from ipraktik_manifests.tree import K8S
from ipraktik_manifests.writing import write

if __name__ == "__main__":
    if sys.argv[1:] != ["write"]:
        sys.stderr.write("python -m ipraktik_manifests write\n")
        sys.exit(2)
    changed = write()
    for file in changed:
        sys.stdout.write(f"written: {file.relative_to(K8S.parent.parent)}\n")
    if not changed:
        sys.stdout.write("nothing to write: all is as the code says\n")
