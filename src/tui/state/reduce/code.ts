import { paneInner } from '../../view/pane-size.ts';
import type { Reducer } from '../event.ts';

/** The code pane: one file, windowed. */
export const reduceCode: Reducer = (state, event) => {
  const { code } = state;
  switch (event.type) {
    case 'codeOpened':
      return { ...state, code: { file: event.file, lines: [], trouble: null, top: 0, left: 0, stale: false } };
    case 'codeLoaded': {
      if (event.file !== code.file) return state;
      const lines = event.text.replace(/\r?\n$/, '').split(/\r?\n/);
      const height = paneInner(state, 'code').height;
      const top =
        event.line === null || code.stale
          ? Math.max(0, Math.min(code.top, lines.length - height))
          : Math.max(0, Math.min(lines.length - height, event.line - 1 - (height >> 1)));
      return { ...state, code: { ...code, lines, trouble: null, top, stale: false } };
    }
    // Read again, and shown where it was.
    case 'codeStale':
      return { ...state, code: { ...code, lines: [], trouble: null, stale: code.lines.length > 0 } };
    case 'codeFailed':
      return event.file === code.file ? { ...state, code: { ...code, trouble: event.trouble } } : state;
    case 'codeScrolled': {
      const last = Math.max(0, code.lines.length - paneInner(state, 'code').height);
      const top = Math.max(0, Math.min(last, code.top + event.by));
      return { ...state, code: { ...code, top, left: Math.max(0, code.left + event.shift) } };
    }
    default:
      return state;
  }
};
