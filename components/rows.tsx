import { Text } from 'ink';
import type { ReactNode } from 'react';

/** Ready lines, one Text each: a Box per cell would cost eight times as much (terminal.md D2). */
export const Rows = ({ lines }: { lines: readonly string[] }): ReactNode =>
  // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
  lines.map((line, index) => <Text key={index}>{line}</Text>);
