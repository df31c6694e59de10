/** `12s`, `1m 05s`, `41ms`: a duration as screens and tables print it. */
export const formatDuration = (ms: number | null): string => {
  if (ms === null) return '';
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
  return `${Math.floor(seconds / 3_600)}h ${String(Math.floor((seconds % 3_600) / 60)).padStart(2, '0')}m`;
};

/** `1,369,765`. */
export const formatCount = (count: number | null): string => (count === null ? '' : count.toLocaleString('en-US'));

/** Status as a glyph and a word: never colour alone. */
export const statusGlyph: Record<string, string> = {
  initial: '○',
  queued: '◌',
  running: '●',
  completed: '✓',
  failed: '✗',
  cancelled: '⊘',
  upstream_failed: '↯',
  condition_failed: '⊘',
};
