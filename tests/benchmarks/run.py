"""`make bench`: hands over to `__main__.py` with this folder on the path.

The folders of tests are no packages: pytest puts each on the path, and so does this.
"""

import runpy
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).parent), run_name="__main__")
