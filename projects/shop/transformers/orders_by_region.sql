-- Orders of each region by status; df_1 are the orders, df_2 the customers.
select
  c.region,
  count(*) as orders,
  count(*) filter (where o.order_status = 'shipped') as shipped,
  count(*) filter (where o.order_status = 'cancelled') as cancelled,
  round(avg(extract(epoch from o.shipped_at - o.ordered_at) / 3600)::numeric, 1) as hours_to_ship
from {{ df_1 }} o
join {{ df_2 }} c on c.customer_id = o.customer_id
group by c.region
order by c.region
