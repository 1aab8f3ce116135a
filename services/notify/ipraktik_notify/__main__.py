"""`python -m ipraktik_notify serve|work|run|migrate|await-schema|doctor|parked|listens|mint-coordinator|agency-token`."""

import sys

from ipraktik_chassis.process import main
from ipraktik_notify.main import SERVICE

if __name__ == "__main__":
    sys.exit(main(SERVICE))
