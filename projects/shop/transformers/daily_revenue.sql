-- Revenue and number of orders a day.
select
  ordered_at::date as day,
  count(distinct order_id) as orders,
  sum(quantity) as items,
  round(sum(amount)::numeric, 2) as revenue
from {{ df_1 }}
group by 1
order by 1
