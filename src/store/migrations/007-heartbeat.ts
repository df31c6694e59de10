/** What it takes to find a worker that hangs, and its process; and to charge lost workers to blocks. */
export const heartbeat = `
alter table wand.worker add column start_ticks text;
create index attempt_lost on wand.attempt (worker) where status = 'lost';
`;
