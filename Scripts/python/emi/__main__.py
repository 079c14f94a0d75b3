"""`python -m emi` is the program."""

import os
import sys

from ._errors import EmiError
from ._program import program

try:
    path = str(program())
except EmiError as error:
    sys.exit(f"error: {error}")
os.execv(path, [path, *sys.argv[1:]])
