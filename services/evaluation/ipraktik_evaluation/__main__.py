"""`python -m ipraktik_evaluation serve|work|run|migrate|await-schema|doctor|parked|listens`."""

import sys

from ipraktik_chassis.process import main
from ipraktik_evaluation.main import SERVICE

if __name__ == "__main__":
    sys.exit(main(SERVICE))
