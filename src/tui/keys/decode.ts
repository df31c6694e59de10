/** A key by name: `j`, `R`, `ctrl-d`, `up`, `shift-tab`, `esc`, `paste`, `report` (an answer of the terminal). `text` is what typing it means, if anything. */
export type Key = { name: string; text?: string };

export type Decoder = {
  /** Keys that are complete; what may go on in the next chunk waits. */
  push(bytes: Uint8Array): Key[];
  /** An escape sequence is half here: after 50 ms without more `flush` takes it as it is. */
  pending(): boolean;
  flush(): Key[];
};

/** How long an escape may wait for the rest of its sequence: over SSH the two arrive apart. */
export const escapeTimeout = 50;

const pasteStart = '\u001b[200~';
const pasteEnd = '\u001b[201~';

/** Bytes of a terminal as keys: runs are split, sequences may arrive in pieces, a paste is one key with its text. */
export const createDecoder = (): Decoder => {
  const utf8 = new TextDecoder('utf-8');
  let waiting = '';
  let paste: string | null = null;

  const decode = (final: boolean): Key[] => {
    const keys: Key[] = [];
    while (waiting !== '') {
      if (paste !== null) {
        const end = waiting.indexOf(pasteEnd);
        if (end === -1) {
          const kept = final ? 0 : partOf(waiting, pasteEnd);
          paste += waiting.slice(0, waiting.length - kept);
          waiting = waiting.slice(waiting.length - kept);
          if (final) {
            keys.push({ name: 'paste', text: paste });
            paste = null;
          }
          break;
        }
        keys.push({ name: 'paste', text: paste + waiting.slice(0, end) });
        paste = null;
        waiting = waiting.slice(end + pasteEnd.length);
        continue;
      }
      const size = keySize(waiting, final);
      if (size === 0) break;
      const taken = waiting.slice(0, size);
      waiting = waiting.slice(size);
      if (taken === pasteStart) paste = '';
      else {
        const key = keyOf(taken);
        if (key) keys.push(key);
      }
    }
    return keys;
  };

  return {
    push: (bytes) => {
      waiting += utf8.decode(bytes, { stream: true });
      return decode(false);
    },
    pending: () => waiting !== '',
    flush: () => decode(true),
  };
};

/** Characters at the end of `text` that could be the start of `sequence`. */
const partOf = (text: string, sequence: string): number => {
  for (let size = Math.min(text.length, sequence.length - 1); size > 0; size--) {
    if (sequence.startsWith(text.slice(-size))) return size;
  }
  return 0;
};

/** Characters of the first key; 0 while it may go on. */
const keySize = (text: string, final: boolean): number => {
  if (text[0] !== '\u001b') return text.codePointAt(0)! > 0xffff ? 2 : 1;
  if (text.length === 1) return final ? 1 : 0;
  const second = text[1]!;
  if (second === '[') {
    const match = /^\u001b\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]/.exec(text);
    if (match) return match[0].length;
    const open = /^\u001b\[[\x20-\x3f]*$/.test(text);
    return open && !final ? 0 : open ? text.length : 2;
  }
  if (second === ']') return reportSize(text, final);
  if (second === 'O') return text.length > 2 ? 3 : final ? 2 : 0;
  if (second === '\u001b') return 1;
  return 1 + (text.codePointAt(1)! > 0xffff ? 2 : 1);
};

/** An answer of the terminal (OSC) up to its end; one that breaks off is taken as far as it came, so that nothing of it is typed. */
const reportSize = (text: string, final: boolean): number => {
  const match = /^\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/.exec(text);
  if (match) return match[0].length;
  if (!/^\u001b\]\d/.test(text)) return text.length > 2 || final ? 2 : 0;
  return final || text.length > 1_000 ? text.length : 0;
};

const finals: Record<string, string> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  M: 'enter',
};

const tildes: Record<string, string> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
};

/** Null for what is no key: terminal answers, focus and mouse reports. */
const keyOf = (taken: string): Key | null => {
  if (taken.length > 1 && taken[0] === '\u001b') return sequenceKey(taken);
  const code = taken.codePointAt(0)!;
  if (taken === '\u001b') return { name: 'esc' };
  if (taken === '\r' || taken === '\n') return { name: 'enter' };
  if (taken === '\t') return { name: 'tab' };
  if (code === 0x7f || code === 0x08) return { name: 'backspace' };
  if (code === 0) return { name: 'ctrl-space' };
  if (code < 0x1b) return { name: `ctrl-${String.fromCharCode(code + 0x60)}` };
  if (code < 0x20) return { name: `ctrl-${String.fromCharCode(code + 0x40)}` };
  if (code >= 0x80 && code < 0xa0) return null;
  return { name: taken === ' ' ? 'space' : taken, text: taken };
};

const sequenceKey = (sequence: string): Key | null => {
  const report = /^\u001b\](\d[^\u0007\u001b]*)/.exec(sequence);
  if (report) return { name: 'report', text: report[1]! };
  const body = sequence.slice(2);
  if (sequence[1] === 'O') return finals[body] ? { name: finals[body] } : null;
  if (sequence[1] !== '[') {
    const key = keyOf(sequence.slice(1));
    return key ? { name: `alt-${key.name}` } : null;
  }
  if (body === 'Z') return { name: 'shift-tab' };
  const match = /^(\d*)(?:;(\d+))?([A-Za-z~])$/.exec(body);
  if (!match) return null;
  const [, number = '', modifier = '1', final = ''] = match;
  // CSI M with no number is the start of a mouse report, CSI R an answer about the cursor.
  if (final === 'M' || (final === 'R' && number !== '1')) return null;
  const name = final === '~' ? tildes[number] : finals[final];
  return name ? { name: modifierName(Number(modifier)) + name } : null;
};

const modifierName = (modifier: number): string => {
  const bits = modifier - 1;
  return `${bits & 4 ? 'ctrl-' : ''}${bits & 2 ? 'alt-' : ''}${bits & 1 ? 'shift-' : ''}`;
};
