/**
 * Loads Ink and React. Yoga's WebAssembly is a data URL in the bundle; where there is `fetch` its loader uses that, which brings all of undici
 * (60 ms and 12 MB) for what a base64 decoder does.
 */
export const loadInk = async (): Promise<typeof import('./shell.tsx')> => {
  const { fetch } = globalThis;
  try {
    (globalThis as { fetch?: unknown }).fetch = undefined;
    return await import('./shell.tsx');
  } finally {
    globalThis.fetch = fetch;
  }
};
