"""
The part of the `mage_ai` package that block code imports, so that projects run unchanged without Mage (mage-format.md 5.1).
What is not here raises an error that says what to do instead, when it is used and not when it is imported.
"""

from mage_ai import _unsupported

_unsupported.install()


def run(*args, **kwargs):
    raise _unsupported.later('mage_ai.run', 'Run the pipeline with: wand run PIPELINE')
