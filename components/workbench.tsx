import { Box } from 'ink';
import type { ReactNode } from 'react';
import { Pane, type PaneProps } from './pane.tsx';
import { type Surface, SurfaceContext } from './surface.ts';

export type WorkbenchProps = { surface: Surface; columns: number; parts: readonly Omit<PaneProps, 'order'>[] };

/** The whole screen: parts at their places, later ones above earlier ones. The Box itself has no rows: Ink has nothing to draw. */
export const Workbench = ({ surface, columns, parts }: WorkbenchProps): ReactNode => (
  <SurfaceContext value={surface}>
    <Box width={columns} height={0}>
      {parts.map((part, order) => (
        <Pane key={part.id} order={order} {...part} />
      ))}
    </Box>
  </SurfaceContext>
);
