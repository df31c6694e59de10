/**
 * Recorded values that follow from which of two blocks without an edge between them came first: by case, the path of the value and why.
 * A case is run again while nothing but these differs; it still has to come out as recorded.
 */
export const races: Readonly<Record<string, readonly { path: string; because: string }[]>> = {
  '12-file-io': [
    {
      path: '$.blocks.exists.outputs.output_0.value.here',
      because: 'exists looks for the file that csv_round_trip writes, and nothing makes it wait',
    },
  ],
};
