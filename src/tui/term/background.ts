import type { Background } from '../../draw/theme.ts';

/** Asks the terminal for its background colour (OSC 11). One that does not know this says nothing. */
export const askBackground = '\u001b]11;?\u001b\\';

/** Dark or light, by the answer: `11;rgb:1e1e/1e1e/2e2e`; null for any other report. */
export const backgroundOf = (report: string): Background => {
  const match = /^11;rgba?:([0-9a-f]+)\/([0-9a-f]+)\/([0-9a-f]+)/i.exec(report);
  if (!match) return null;
  const [red, green, blue] = match.slice(1, 4).map((part) => Number.parseInt(part, 16) / (16 ** part.length - 1));
  // As bright as the eye has it (ITU-R BT.709).
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue! < 0.5 ? 'dark' : 'light';
};

/** `COLORFGBG` of some terminals: `15;0`, the last part is the background. */
export const backgroundFromEnvironment = ({ COLORFGBG }: NodeJS.ProcessEnv): Background => {
  const color = Number(/;(\d+)$/.exec(COLORFGBG ?? '')?.[1] ?? Number.NaN);
  if (Number.isNaN(color)) return null;
  return color < 7 || color === 8 ? 'dark' : 'light';
};
