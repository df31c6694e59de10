import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paletteOf, themeNames } from '../../src/draw/palettes.ts';
import { isAuto, themeOf } from '../../src/draw/theme.ts';
import { backgroundFromEnvironment, backgroundOf } from '../../src/tui/term/background.ts';

describe('the theme', () => {
  test.each([
    [{}, null, 'neutral'],
    [{}, 'light', 'light'],
    [{ WAND_THEME: 'auto' }, 'dark', 'dark'],
    [{ WAND_THEME: 'dark' }, 'light', 'dark'],
    [{ WAND_THEME: 'high-contrast' }, null, 'high-contrast'],
    [{ WAND_THEME: 'no such theme' }, null, 'neutral'],
    [{ WAND_THEME: 'dark', NO_COLOR: '1' }, null, 'mono'],
    [{ TERM: 'dumb' }, 'dark', 'mono'],
  ] as const)('of %j on a background %j is %s', (environment, background, name) => {
    expect(themeOf(environment, background).sgr).toEqual(paletteOf(name));
  });

  test('follows the terminal only where nothing else decides', () => {
    expect([{}, { WAND_THEME: 'auto' }, { WAND_THEME: 'light' }, { NO_COLOR: '1' }].map(isAuto)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('has the 16 ANSI colours, and neither black nor white as text; mono has no colour at all', () => {
    for (const name of themeNames) {
      const codes = Object.values(paletteOf(name)).flatMap((parameters) =>
        parameters.split(';').filter(Boolean).map(Number),
      );
      expect(codes.filter((code) => [30, 37, 90, 97].includes(code) || code > 97)).toEqual([]);
      if (name === 'mono') expect(codes.filter((code) => code >= 30)).toEqual([]);
    }
  });
});

describe('the background', () => {
  test.each([
    ['11;rgb:0000/0000/0000', 'dark'],
    ['11;rgb:ffff/ffff/ffff', 'light'],
    ['11;rgb:1e/1e/2e', 'dark'],
    ['11;rgb:fdf6/e3e3/d5d5', 'light'],
    ['11;rgba:2828/2c2c/3434/ffff', 'dark'],
    ['10;rgb:ffff/ffff/ffff', null],
    ['11;?', null],
  ] as const)('%s is %s', (report, background) => {
    expect(backgroundOf(report)).toBe(background);
  });

  test('of COLORFGBG', () => {
    expect(
      ['15;0', '0;15', '12;default;8', '0;7', '', undefined].map((value) =>
        backgroundFromEnvironment({ COLORFGBG: value }),
      ),
    ).toEqual(['dark', 'light', 'dark', 'light', null, null]);
  });

  test('whatever a terminal answers, it is dark, light or nothing', () => {
    fc.assert(fc.property(fc.string(), (text) => [null, 'dark', 'light'].includes(backgroundOf(text))));
  });
});
