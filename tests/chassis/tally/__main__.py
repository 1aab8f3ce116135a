"""`python -m chassis.tally serve|work|run|migrate|parked`."""

import sys

from chassis.tally import SERVICE

from ipraktik_chassis.process import main

sys.exit(main(SERVICE))
