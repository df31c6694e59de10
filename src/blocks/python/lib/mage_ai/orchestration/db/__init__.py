"""Names of Mage that block code imports; wand's own state is elsewhere."""
