import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleText } from '../../src/draw/visible-text.ts';

describe('visibleText', () => {
  it('shows escape sequences instead of sending them', () => {
    expect(visibleText('a\u001b[2Jb')).toBe('a^[[2Jb');
    expect(visibleText('\u001b]52;c;eA==\u0007')).toBe('^[]52;c;eA==^G');
  });

  it('shows C1 controls, DEL and line breaks', () => {
    expect(visibleText('\u009b31m')).toBe('<U+009B>31m');
    expect(visibleText('a\u007fb\r\n')).toBe('a^?b^M^J');
  });

  it('shows bidirectional overrides, separators and lone surrogates', () => {
    expect(visibleText('load\u202etxt.py')).toBe('load<U+202E>txt.py');
    expect(visibleText('a\u2028b\u2066c')).toBe('a<U+2028>b<U+2066>c');
    expect(visibleText('\ud800x\udc00')).toBe('<U+D800>x<U+DC00>');
  });

  it('leaves letters of every script and emoji alone', () => {
    const text = 'Größe 東京 ñ 😀 naïve e\u0301';
    expect(visibleText(text)).toBe(text);
  });

  it('never lets a control character through, and settles after one pass', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visibleText(text);
        expect(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(shown)).toBe(false);
        expect(visibleText(shown)).toBe(shown);
      }),
    );
  });
});
