/** Retrying a run in place, and callbacks that are not tried for ever. */
export const rerun = `
-- Attempts that a block run had when it was last retried by hand: they no longer count against its retries.
alter table wand.block_run add column retried_after int not null default 0;

-- A callback that kills its workers is given up after some tries.
alter table wand.callback add column tries int not null default 0;

-- Takes the oldest owed callback of a block run whose attempt is over; null if there is none.
create function wand.take_callback(the_block bigint, the_worker uuid) returns jsonb language plpgsql as $$
declare
  taken wand.callback;
begin
  update wand.callback set worker = the_worker, tries = tries + 1
  where id = (select c.id from wand.callback c
    where c.block_run_id = the_block and c.finished_at is null and c.worker is null and not exists (
      select from wand.attempt a where a.block_run_id = c.block_run_id and a.status = 'running')
    order by c.id limit 1 for update skip locked)
  returning * into taken;
  if not found then return null; end if;
  return wand.claim(the_block) || jsonb_build_object('attempt', taken.attempt, 'callback', jsonb_build_object(
    'id', taken.id::text, 'status', taken.status, 'tries', taken.tries, 'outputs', wand.outputs(the_block),
    'error', (select b.error from wand.block_run b where b.id = the_block)));
end $$;

-- A block run and all below it in its run.
create function wand.from_block(the_run bigint, the_uuid text) returns setof text language sql stable as $$
  with recursive below(id) as (
    select id from wand.block_run where run_id = the_run and uuid = the_uuid
    union select d.downstream from below b join wand.dependency d on d.upstream = b.id
  ) select u.uuid from below join wand.block_run u using (id)
$$;

-- Opens an ended run again: blocks of 'again' ({uuid: definition}) run once more, with the attempts they had behind them; children of fans
-- among them are made anew. Blocks that can start are left 'initial' with nothing pending.
create function wand.reopen_run(the_run bigint, again jsonb, the_owner uuid) returns void language plpgsql as $$
begin
  -- Attempt numbers of children go on as well: a marker in the data names run, block and attempt.
  update wand.block_run b set definition = b.definition || jsonb_build_object('attemptsBefore', greatest(
    (b.definition->>'attemptsBefore')::int,
    (select max(c.attempt) from wand.block_run c where c.run_id = the_run and c.definition->>'childOf' = b.uuid)))
  where b.run_id = the_run and again ? b.uuid and b.definition ? 'fan';
  delete from wand.block_run c where c.run_id = the_run and again ? (c.definition->>'childOf');
  delete from wand.output o using wand.block_run b where o.block_run_id = b.id and b.run_id = the_run and again ? b.uuid;
  update wand.block_run b set status = 'initial', retried_after = b.attempt, rows = null,
    definition = (again->b.uuid) || case when b.definition ? 'fan'
      then jsonb_build_object('attemptsBefore', b.definition->'attemptsBefore') else '{}' end,
    tests = '[]', error = null, started_at = null, finished_at = null, offer = null, reused_from = null
  where b.run_id = the_run and again ? b.uuid;
  update wand.block_run b set pending = (
    select count(*) from wand.dependency d join wand.block_run u on u.id = d.upstream
    where d.downstream = b.id and u.status in ('initial', 'queued', 'running'))
  where b.run_id = the_run and b.status = 'initial';
  update wand.run set status = 'initial', started_at = null, finished_at = null, owner = the_owner, waits = false
  where id = the_run;
end $$;

-- Gives a fan (a block below a dynamic block, mage-format.md 3.7) its children: [{uuid, definition, upstream: [block run, ...]}, ...]. They
-- are ready at once; what is below the fan waits for them too.
create function wand.fan_out(fan wand.block_run, children jsonb) returns void language plpgsql as $$
begin
  with given as (
    select item, place from jsonb_array_elements(children) with ordinality as c(item, place)
  ), inserted as (
    insert into wand.block_run (run_id, uuid, block_type, language, position, definition, pending, status, attempt, retried_after)
    select fan.run_id, item->>'uuid', fan.block_type, fan.language, fan.position,
      (item->'definition') - 'attemptsBefore', 0, 'queued', before, before
    from given, (select coalesce((fan.definition->>'attemptsBefore')::int, 0) as before) b order by place
    returning id, uuid
  ), fed as (
    insert into wand.dependency (upstream, downstream, position)
    select u.id::bigint, i.id, u.place - 1
    from inserted i join given g on g.item->>'uuid' = i.uuid
    cross join jsonb_array_elements_text(g.item->'upstream') with ordinality as u(id, place)
  )
  insert into wand.dependency (upstream, downstream, position)
  select i.id, d.downstream, d.position from inserted i cross join wand.dependency d where d.upstream = fan.id;
  update wand.block_run b set pending = b.pending + jsonb_array_length(children)
  from wand.dependency d where d.upstream = fan.id and b.id = d.downstream;
end $$;
`;
