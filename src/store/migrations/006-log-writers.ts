/** Chunks of log lines that are stored once, however often they are sent: after a lost answer, or from a spool on disk. */
export const logWriters = `
alter table wand.log_chunk add column writer uuid, add column number int;
create unique index log_chunk_of_writer on wand.log_chunk (writer, number) where writer is not null;

-- A chunk whose run is gone is dropped. The run's position is locked first: an earlier try of the same chunk is then over.
create function wand.store_chunk(the_run bigint, the_block text, the_attempt int, the_writer uuid, the_number int, the_lines jsonb)
returns void language plpgsql as $$
declare
  amount int := jsonb_array_length(the_lines);
  place bigint;
begin
  if amount = 0 or not exists (select from wand.run where id = the_run) then return; end if;
  insert into wand.log_position as p (run_id, next) values (the_run, 1) on conflict (run_id) do update set next = p.next
  returning next into place;
  if exists (select from wand.log_chunk where writer = the_writer and number = the_number) then return; end if;
  update wand.log_position set next = place + amount where run_id = the_run;
  insert into wand.log_chunk (run_id, first, count, block, attempt, lines, writer, number)
  values (the_run, place, amount, the_block, the_attempt, the_lines, the_writer, the_number);
  perform pg_notify('wand_log', the_run::text);
end $$;
`;
