"""The kernel's word to a process whose parent has died (Linux); elsewhere a closed pipe has to tell."""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == 'linux' else None


def send_when_parent_dies(signal: int, parent: int) -> None:
    """A fork does not inherit this. If `parent` died before the call nobody would ever signal, so the process ends here."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, int(signal), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
