-- The customers who brought in most; df_1 are the priced lines, df_2 the customers.
select c.customer_id, c.customer, c.region, count(distinct l.order_id) as orders, round(sum(l.amount)::numeric, 2) as revenue
from {{ df_1 }} l
join {{ df_2 }} c on c.customer_id = l.customer_id
group by c.customer_id, c.customer, c.region
order by revenue desc, c.customer_id
limit {{ best_customers }}
