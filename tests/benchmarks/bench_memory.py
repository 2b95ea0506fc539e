"""How much memory this process took at most (Linux only)."""

from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_megabytes() -> float:
    """The most that was resident since the process began. `getrusage` is not asked: where a
    process begins by vfork, it counts what the one held that started it."""
    return _megabytes("VmHWM")


def _megabytes(name: str) -> float:
    """From /proc, where kB means 1,024 bytes; megabytes here are a million."""
    lines = _STATUS.read_text().splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
    return kilobytes * 1024 / 1e6
