import sys

from wand_blocks.main import main

sys.exit(main())
