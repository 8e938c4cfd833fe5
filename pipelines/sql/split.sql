-- Where the test rows begin: the first @train_percent of the candles, in the
-- order of time, train; a random split would let the model see the future.
SELECT MIN(open_time) AS split
FROM (
  SELECT
    open_time,
    ROW_NUMBER() OVER (ORDER BY open_time) AS row_number,
    COUNT(*) OVER () AS row_count
  FROM production.klines
  WHERE symbol = @symbol AND `interval` = @step
)
WHERE 100 * row_number > row_count * CAST(@train_percent AS INT64)
