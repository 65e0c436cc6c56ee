"""What a child process may not do: write outside its folder, start processes, use the network, take all memory.

Loaded by the worker by path, under the project's interpreter: it needs the standard library alone, of Python 3.8 and later. On Linux
5.13 and later the kernel itself forbids writing (Landlock), also to code that is not Python's; elsewhere Python's audit hooks do
what they can.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any

FORBIDDEN = "not allowed while a finding is confirmed"
PROCESSES = (
    "os.fork os.forkpty os.exec os.spawn os.posix_spawn os.system os.startfile os.startfile/2 os.kill os.killpg subprocess.Popen "
    "pty.spawn signal.pthread_kill"
).split()
NETWORK = "socket.connect socket.bind socket.sendto socket.sendmsg socket.getaddrinfo socket.gethostbyname socket.gethostbyaddr".split()
WRITES_FIRST = (  # events whose first argument is a path that is changed
    "os.remove os.rmdir os.mkdir os.truncate os.chmod os.chown os.lchown os.utime os.setxattr os.removexattr os.lchmod os.chflags "
    "shutil.rmtree tempfile.mkstemp tempfile.mkdtemp"
).split()
WRITES_BOTH = "os.rename os.link os.symlink shutil.move".split()
WRITES_SECOND = "shutil.copyfile shutil.copymode shutil.copystat shutil.copytree".split()
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def forbid(scratch: str) -> None:
    """From now on nothing outside of this folder is written, and no process is started. It cannot be taken back."""
    kinds: dict[str, tuple[int, ...]] = {
        **dict.fromkeys(WRITES_FIRST, (0,)),
        **dict.fromkeys(WRITES_BOTH, (0, 1)),
        **dict.fromkeys(WRITES_SECOND, (1,)),
    }
    allowed = (os.path.realpath(scratch) + os.sep, os.path.realpath(os.devnull))
    refused = {**dict.fromkeys(PROCESSES, "starting or ending processes"), **dict.fromkeys(NETWORK, "using the network")}

    def outside(path: Any) -> bool:
        if isinstance(path, int) or path is None:
            return False
        place = os.path.realpath(os.fsdecode(path))
        return not (place + os.sep).startswith(allowed[0]) and place != allowed[1]

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = args
            if (isinstance(flags, int) and flags & WRITING) or (isinstance(mode, str) and set(mode) & set("wax+")):
                if outside(path):
                    raise PermissionError(f"writing {path!r} is {FORBIDDEN}")
        elif event in kinds:
            for place in kinds[event]:
                if outside(args[place]):
                    raise PermissionError(f"changing {args[place]!r} is {FORBIDDEN}")
        elif event in refused:
            raise PermissionError(f"{refused[event]} is {FORBIDDEN}")

    _forbid_in_kernel(scratch)
    sys.addaudithook(watch)


def limit_memory(size: int) -> None:
    """Let the process have so many bytes of address space more than it has now, where the platform knows such a limit."""
    try:
        import resource  # not on Windows

        with open("/proc/self/statm") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + size, now + size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 26, 1 << 26))
    except (ImportError, OSError, ValueError):
        pass


# Landlock, see linux/landlock.h: rights of a process that it can give up and never get back

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
NO_NEW_PRIVILEGES = 38
WRITE_FILE = 1 << 1
CHANGES = WRITE_FILE | sum(1 << bit for bit in range(4, 13))  # remove and make files, folders, links, sockets, pipes and devices
MOVE, TRUNCATE = 1 << 13, 1 << 14  # since versions 2 and 3
TCP = 0b11  # bind and connect, since version 4
SCOPES = 0b11  # abstract sockets and signals to the outside, since version 6


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def _forbid_in_kernel(scratch: str) -> bool:
    """Give up writing anywhere but in the folder and to devices, and TCP. False where the kernel cannot do it."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    files = CHANGES | (MOVE if version >= 2 else 0) | (TRUNCATE if version >= 3 else 0)
    ruleset = _Ruleset(files, TCP if version >= 4 else 0, SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = libc.syscall(CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(size), 0)
    if rules < 0:
        return False
    try:
        for folder, rights in ((scratch, files), ("/dev", WRITE_FILE)):
            descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC)
            try:
                beneath = _Beneath(rights, descriptor)
                if libc.syscall(ADD_RULE, rules, 1, ctypes.byref(beneath), 0):
                    return False
            finally:
                os.close(descriptor)
        if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0):
            return False
        return not libc.syscall(RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)
