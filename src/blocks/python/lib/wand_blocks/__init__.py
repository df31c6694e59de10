"""Runs one Python block of a Mage project in this process: `python -u -m wand_blocks`, started by wand's worker."""
