import { Box } from 'ink';
import type { ReactNode } from 'react';
import { Pane, type PaneProps } from './pane.tsx';

export type WorkbenchProps = { columns: number; rows: number; parts: readonly (PaneProps & { id: string })[] };

/** The whole screen: parts at their places, later ones above earlier ones. */
export const Workbench = ({ columns, rows, parts }: WorkbenchProps): ReactNode => (
  <Box width={columns} height={rows}>
    {parts.map(({ id, ...pane }) => (
      <Pane key={id} {...pane} />
    ))}
  </Box>
);
