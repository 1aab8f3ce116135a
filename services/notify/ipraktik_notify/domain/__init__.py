"""Rules of notify: which fact leads to which mail, what its link opens, when to remind. No I/O, no clock."""
