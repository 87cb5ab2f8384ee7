"""The refresh that runs by itself: its timer, its log, and the runs that failed."""
