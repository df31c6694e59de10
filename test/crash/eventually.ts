/** Waits until `look` answers true, 40 s at most; an error counts as false, and the last one is told. */
export const eventually = async (what: string, look: () => Promise<boolean>): Promise<void> => {
  let trouble = '';
  for (const deadline = Date.now() + 40_000; Date.now() < deadline; ) {
    try {
      if (await look()) return;
      trouble = '';
    } catch (error) {
      trouble = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain: ${what}${trouble}`);
};
