"""`python -m ipraktik_registration serve|work|run|migrate|await-schema|doctor|parked|listens`."""

import sys

from ipraktik_chassis.process import main
from ipraktik_registration.main import SERVICE

sys.exit(main(SERVICE))
