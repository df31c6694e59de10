import { unicodeGlyphs } from '../draw/glyphs.ts';
import { duration, fullCount } from '../draw/numbers.ts';

/** `12s`, `1m 05s`, `41ms`; nothing for what has not begun. */
export const formatDuration = (ms: number | null): string => (ms === null ? '' : duration(ms));

/** `1,369,765`; nothing where there is no count. */
export const formatCount = (count: number | null): string => (count === null ? '' : fullCount(count));

/** Status as a glyph beside its word: never colour alone. */
export const statusGlyph: Record<string, string> = unicodeGlyphs.status;
