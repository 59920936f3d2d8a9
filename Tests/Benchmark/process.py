"""Processes under measurement: pinned, a little preferred, and read from /proc as a whole tree."""
import contextlib
import ctypes
import os
import re
import signal
import subprocess
import time

CPUS = sorted(os.sched_getaffinity(0))
SERVER_CPU, LOAD_CPU = CPUS[0], CPUS[min(1, len(CPUS) - 1)]
TICKS = os.sysconf("SC_CLK_TCK")
PR_SET_PDEATHSIG = 1
CPUCLOCK_SCHED = 2  # of clock_getcpuclockid: what all threads of a process have run
libc = ctypes.CDLL(None)


def settle(*cpus, is_yielding=False):
    """What a child does before it becomes the program: its own CPUs, and no orphan if the benchmark dies.
    One that yields never interrupts another program on its CPU: it waits until that sleeps."""

    def before_exec():
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        os.sched_setaffinity(0, cpus)
        if is_yielding:
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
            return
        # Where sessions have scheduling groups, niceness counts only inside one, and the group has its own.
        with contextlib.suppress(OSError):
            os.nice(-10)
            with open("/proc/self/autogroup", "w") as group:
                group.write("-10")

    return before_exec


def children_by_parent():
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                found.setdefault(int(stat_fields(entry)[1]), []).append(int(entry))
    return found


def stat_fields(pid):
    """/proc/PID/stat behind the command name: state, parent, …; user time is the 12th."""
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()


class Process:
    def __init__(self, command, folder, cpu=SERVER_CPU, environment=None, output=None, before_exec=None):
        self.log_path = f"{folder}/log"
        with open(self.log_path, "ab") as log:
            self.popen = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output or log,
                stderr=log,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
                preexec_fn=before_exec or settle(cpu),
            )

    def has_ended(self):
        return self.popen.poll() is not None

    def tree(self):
        children, found, waiting = children_by_parent(), [], [self.popen.pid]
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            waiting += children.get(pid, [])
        return found

    def cpu(self):
        """User and system seconds of the tree. Their sum is the scheduler's, in nanoseconds; /proc counts ticks."""
        user = total = 0
        for pid in self.tree():
            with contextlib.suppress(OSError):
                total += time.clock_gettime(~pid << 3 | CPUCLOCK_SCHED)
                user += int(stat_fields(pid)[11]) / TICKS
        return user, total - user

    def pss(self):
        """MiB; a page shared by forked workers counts once."""
        return self.kibibytes("smaps_rollup", r"^Pss:\s+(\d+)") / 1024

    def peak(self):
        """MiB; the sum of the highest resident sizes of the processes that live now."""
        return self.kibibytes("status", r"^VmHWM:\s+(\d+)") / 1024

    def resident(self):
        """MiB that are in memory now."""
        return self.kibibytes("status", r"^VmRSS:\s+(\d+)") / 1024

    def descriptors(self):
        count = 0
        for pid in self.tree():
            with contextlib.suppress(OSError):
                count += len(os.listdir(f"/proc/{pid}/fd"))
        return count

    def kibibytes(self, file_name, pattern):
        total = 0
        for pid in self.tree():
            with contextlib.suppress(OSError), open(f"/proc/{pid}/{file_name}") as file:
                if match := re.search(pattern, file.read(), re.MULTILINE):
                    total += int(match[1])
        return total

    def stop(self):
        for last_word in (signal.SIGTERM, signal.SIGKILL):
            for pid in self.tree() if not self.has_ended() else []:
                with contextlib.suppress(OSError):
                    os.kill(pid, last_word)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(3)
                return
