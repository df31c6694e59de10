import { type Span, span } from '../../../draw/line.ts';
import { statusToken, type Theme } from '../../../draw/theme.ts';
import type { BlockRun, Run } from '../../../model/run.ts';

export const heading = (text: string, ...more: Span[]): Span[] => [span(` ${text}`, 'strong'), ...more];

/** Milliseconds; null for what has not ended. */
export const took = ({ startedAt, finishedAt }: Pick<Run, 'startedAt' | 'finishedAt'>): number | null =>
  startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null;

export const statusSpan = (status: Run['status'] | BlockRun['status'], { glyphs }: Theme): Span =>
  span(`${glyphs.status[status]} ${status}`, statusToken(status));
