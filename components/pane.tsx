import { Box } from 'ink';
import type { ReactNode } from 'react';
import { Rows } from './rows.tsx';

export type PaneProps = { x: number; y: number; width: number; height: number; lines: readonly string[] };

/** A part of the screen at its place; its lines have exactly its width. */
export const Pane = ({ x, y, width, height, lines }: PaneProps): ReactNode => (
  <Box position="absolute" left={x} top={y} width={width} height={height} flexDirection="column">
    <Rows lines={lines} />
  </Box>
);
