"""The embedded processes of one machine: PostgreSQL, web and worker under one supervisor.

A county office or a try-out runs everything from one data folder with one command. This package knows how to
start, watch, restart and stop processes, how to run PostgreSQL from the wheel without an installation, and
how to make a local certificate for phones on the same network. It knows nothing of what the processes do.
"""
