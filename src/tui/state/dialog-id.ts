/** Tells a dialog that waits for an answer from others of its kind: it is copied at every change, and comes back from below another one. */
export type DialogId = { readonly id: number };

let last = 0;

export const newDialogId = (): number => {
  last += 1;
  return last;
};

/** Whether what is open now is still the dialog that was opened then. */
export const isStill = <D extends DialogId & { kind: string }>(
  now: { kind: string } | null,
  opened: DialogId & { kind: D['kind'] },
): now is D => now?.kind === opened.kind && (now as D).id === opened.id;
