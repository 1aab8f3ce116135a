"""`python -m ipraktik_matching serve|work|run|migrate`."""

import sys

from ipraktik_chassis.process import main
from ipraktik_matching.main import SERVICE

sys.exit(main(SERVICE))
