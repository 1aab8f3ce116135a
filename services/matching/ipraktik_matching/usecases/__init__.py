"""What matching does, one file each. A use case is given a transaction and never commits it."""
