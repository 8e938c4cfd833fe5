#!/usr/bin/env python3
"""terminal.py COLUMNSxLINES COMMAND... - run a command on a terminal

Prints what the command wrote to the terminal, which has that size. Standard
input stays as it is. The exit status is the command's.
"""
import fcntl
import os
import pty
import struct
import sys
import termios

columns, lines = map(int, sys.argv[1].split("x"))
ours, theirs = pty.openpty()
fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", lines, columns, 0, 0))
mode = termios.tcgetattr(theirs)
mode[1] &= ~termios.OPOST  # a LF stays a LF
termios.tcsetattr(theirs, termios.TCSANOW, mode)
child = os.fork()
if child == 0:
    os.dup2(theirs, 1)
    os.close(ours)
    os.close(theirs)
    os.execvp(sys.argv[2], sys.argv[2:])
os.close(theirs)
while True:
    try:
        got = os.read(ours, 65536)
    except OSError:  # the last writer has gone
        break
    if not got:
        break
    sys.stdout.buffer.write(got)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
