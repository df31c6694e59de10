import type { Note } from '../../../draw/frame.ts';
import type { Span } from '../../../draw/line.ts';

/** What a dialog shows inside its border. `height` keeps its size while its lines come and go. */
export type DialogContent = { title: Span[]; note: Note[]; lines: string[]; height?: number };
