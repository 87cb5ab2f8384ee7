"""Tests of the engine spark; those that need a session share one."""
