"""`python -m ipraktik_matching serve|work|run|migrate|await-schema|doctor|parked|listens|recheck`."""

import sys

from ipraktik_chassis.process import main
from ipraktik_matching.main import SERVICE

sys.exit(main(SERVICE))
