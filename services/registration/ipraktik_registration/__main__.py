"""`python -m ipraktik_registration serve|work|run|migrate|parked`."""

import sys

from ipraktik_chassis.process import main
from ipraktik_registration.main import SERVICE

sys.exit(main(SERVICE))
