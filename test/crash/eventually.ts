/** Waits until `look` answers true, a minute and a half at most; an error counts as false. */
export const eventually = async (what: string, look: () => Promise<boolean>): Promise<void> => {
  for (const deadline = Date.now() + 90_000; Date.now() < deadline; ) {
    if (await look().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain: ${what}`);
};
