-- The newest candle in production: a new batch starts behind it.
SELECT MAX(open_time) AS newest
FROM production.klines
WHERE symbol = @symbol AND `interval` = @step
